import {
  cacheDatasetSpec,
  dataLoaderSpec,
  datasetSpec,
  type DataLoaderArgs,
} from '../../common/components/datasets.ts';
import { FaultError, unwrap } from '../../common/fault.ts';
import { parseArguments } from '../../common/mmar/parse-arguments.ts';
import {
  componentOf,
  componentsOf,
  type ComponentNode,
  type SectionName,
} from '../../common/mmar/resolved-config.ts';
import type { Item } from '../data/item.ts';
import { loadDataList, type CaseList } from '../data/load-data-list.ts';
import { describeFile, locatingFaults } from '../data/locate-faults.ts';
import { createDataLoader } from '../datasets/data-loader.ts';
import { countCached, type DatasetDefinition } from '../datasets/dataset.ts';
import type { DataLoader } from '../datasets/batch.ts';
import { findMeta } from '../transforms/item-access.ts';
import { buildTransforms, type TransformDefinition } from '../transforms/transform-definition.ts';
import { locateUserClass } from '../user-code/locate-user-class.ts';
import { plainArguments, WIRES } from '../user-code/user-classes.ts';
import type { BuildContext } from './build-context.ts';
import type { DataParts } from './data-parts.ts';
import { onlyNode, type Slot } from './slots.ts';

type DataContext = Pick<BuildContext, 'slots' | 'files' | 'seed' | 'userClasses'>;

/**
 * Reads the data lists and builds the transforms of all sections, in advance since that takes time.
 *
 * @throws FaultError for lists that are missing or empty and for transforms that cannot be built
 */
export async function buildDataParts(context: DataContext): Promise<DataParts> {
  const { slots } = context;
  const loaders = new Map<SectionName, DataLoader>();
  const postprocesses = new Map<SectionName, (items: readonly Item[]) => readonly Item[]>();
  const roots = new Map<SectionName, string>();
  for (const section of ['train', 'validate'] as const) {
    const loader = componentOf(slots.config.sections[section], 'dataloader');
    if (loader !== undefined) {
      const dataset = slots.require(loader, 'dataset', section, 'dataset', (slot) =>
        defineDataset(context, slot),
      );
      loaders.set(section, await buildLoader(context, loader, dataset));
      roots.set(section, dataset.dataRoot);
    }
    const nodes = componentsOf(slots.config.sections[section], 'post_transforms');
    const chain = await buildTransforms(defineTransforms(context, nodes));
    const root = roots.get(section) ?? '';
    postprocesses.set(section, (items) => locatingFaults(root, () => chain.apply(items)));
  }
  return {
    loaderOf: ({ section }) => loaders.get(section)!,
    postprocessOf: ({ section }) => postprocesses.get(section)!,
    caseNamer: (section) => (item) => nameCase(item, roots.get(section) ?? ''),
  };
}

async function buildLoader(
  { slots, seed, userClasses }: DataContext,
  node: ComponentNode,
  dataset: DatasetDefinition,
): Promise<DataLoader> {
  if (node.path !== undefined) {
    const own = slots.at(node, () => userClasses.createDataLoader(node));
    const threads = slots.at(node, () => readThreadOptions(node, slots.config.file));
    const place = { caseCount: dataset.items.length, seed };
    const plan = (epoch: number) => own.plan(epoch, place);
    return slots.during(node, () => createDataLoader(dataset, { ...PLANNED, ...threads, seed, plan }));
  }
  const { batch_size, shuffle, num_workers, prefetch_factor, drop_last } = unwrap(
    parseArguments(node, dataLoaderSpec, slots.config.file),
  );
  const loader = await createDataLoader(dataset, {
    batch_size,
    shuffle,
    num_workers,
    prefetch_factor,
    drop_last,
    seed,
  });
  if (loader.batchCount > 0) return loader;
  throw new FaultError(
    slots.fault(node, 'drop_last', {
      code: 'wrong-argument',
      message: `The ${loader.caseCount} cases do not fill a batch, and smaller batches are dropped.`,
      allowed: `drop_last false, or batch_size up to ${loader.caseCount}`,
    }),
  );
}

/** A plan says what these would. */
const PLANNED = { batch_size: 1, shuffle: false, drop_last: false } as const;

/** What a data loader of the user's own leaves to the trainer. */
function readThreadOptions(
  node: ComponentNode,
  file: string,
): Pick<DataLoaderArgs, 'num_workers' | 'prefetch_factor'> {
  const { dataset, num_workers, prefetch_factor } = node.args;
  const args = {
    ...(dataset !== undefined && { dataset }),
    ...(num_workers !== undefined && { num_workers }),
    ...(prefetch_factor !== undefined && { prefetch_factor }),
  };
  return unwrap(parseArguments({ ...node, args }, dataLoaderSpec, file));
}

function defineDataset(context: DataContext, slot: Slot): DatasetDefinition {
  const { slots } = context;
  const node = onlyNode(slot);
  const transforms =
    slots.follow(node, 'transform', slot.section, 'transform', ({ nodes }) =>
      defineTransforms(context, nodes),
    ) ?? [];
  if (node.path !== undefined) return slots.at(node, () => defineOwnDataset(context, node, transforms));
  const list = slots.at(node, () => readCases(context, node));
  const caseCount = list.items.length;
  if (node.name !== cacheDatasetSpec.name) {
    unwrap(parseArguments(node, datasetSpec, slots.config.file));
    return { ...list, transforms, cachedCount: 0 };
  }
  const args = unwrap(parseArguments(node, cacheDatasetSpec, slots.config.file));
  return { ...list, transforms, cachedCount: countCached(caseCount, args) };
}

/** A data set of the user's own chooses the cases, reads them itself, or both; it may do without a data list. */
function defineOwnDataset(
  context: DataContext,
  node: ComponentNode,
  transforms: readonly TransformDefinition[],
): DatasetDefinition {
  const { files, userClasses } = context;
  const own = userClasses.createDataset(node);
  const hasList = node.attributes.data_list_file_path !== undefined;
  const list = hasList ? readCases(context, node) : { dataRoot: files.root, items: [] };
  const items = own.cases(list.items);
  const loader: TransformDefinition = {
    name: node.name,
    args: plainArguments(node, WIRES.dataset),
    userClass: locateUserClass(node.path!, files.root),
    isCaseLoader: true,
  };
  return {
    dataRoot: list.dataRoot,
    items,
    transforms: own.hasLoad ? [loader, ...transforms] : transforms,
    cachedCount: Math.floor(items.length * own.cacheRate),
  };
}

/**
 * The data list that a dataset names beside its arguments.
 *
 * @param key of the list; by default the one that the dataset names
 */
export function readCases(
  { slots, files }: Pick<DataContext, 'slots' | 'files'>,
  node: ComponentNode,
  key?: string,
): CaseList {
  const text = (attribute: string): string | undefined => {
    const value = node.attributes[attribute];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const file = text('data_list_file_path');
  const baseDir = text('data_file_base_dir');
  if (file === undefined) {
    throw new FaultError({
      code: 'data-list',
      file: slots.config.file,
      path: [...node.at, 'data_list_file_path'],
      component: node.name,
      message: 'The dataset names no data list.',
      allowed: '"data_list_file_path": "{DATASET_JSON}", with DATASET_JSON in environment.json or --set',
    });
  }
  return loadDataList({
    file: files.resolve(file),
    key: key ?? text('data_list_key') ?? 'training',
    ...(baseDir !== undefined && { baseDir: files.resolve(baseDir) }),
  });
}

/** Transforms as plain data. Whether code of the user's own may run is not looked at. */
export function defineTransforms(
  { slots, files }: Pick<DataContext, 'slots' | 'files'>,
  nodes: readonly ComponentNode[],
): readonly TransformDefinition[] {
  return nodes.map((node) =>
    slots.at(node, () =>
      node.path === undefined
        ? { name: node.name, args: node.args }
        : { name: node.name, args: plainArguments(node), userClass: locateUserClass(node.path, files.root) },
    ),
  );
}

function nameCase(item: Item, dataRoot: string): string {
  const meta = findMeta(item, 'image_meta_dict');
  return meta === undefined ? '' : describeFile(meta.fileName, dataRoot);
}
