import { resolve } from 'node:path';
import { findComponent } from '../../../common/components/catalogue.ts';
import { fail, succeed, type Result } from '../../../common/fault.ts';
import {
  componentOf,
  componentsOf,
  type ComponentNode,
  type ResolvedTrainConfig,
  type SectionName,
} from '../../../common/mmar/resolved-config.ts';
import { nameInMmar } from './mmar-place.ts';
import { keysOf } from './trace-sizes.ts';

/** Which cases a section of a config uses, and what it does with them. */
export interface DataSetUse {
  readonly section: SectionName;
  readonly dataset: ComponentNode;
  /** Absolute path of the data list, and what messages call it. */
  readonly listFile: string;
  readonly listName: string;
  /** Absolute folder that the list's paths start from. */
  readonly dataRoot: string;
  /** The key of the list that holds the cases. */
  readonly listKey: string;
  /** Keys of a case that LoadImaged reads images from. */
  readonly imageKeys: readonly string[];
  readonly transforms: readonly ComponentNode[];
  /** Cases per batch. */
  readonly batchSize: number;
}

/** The data set of a section, from the attributes beside its arguments; undefined where the section has none. */
export function dataSetUseOf(
  config: ResolvedTrainConfig,
  section: SectionName,
  mmarRoot: string,
): Result<DataSetUse> | undefined {
  const slots = config[section];
  const dataset = componentOf(slots, 'dataset');
  if (dataset === undefined || dataset.path !== undefined) return undefined;
  const { data_list_file_path: list, data_file_base_dir: root, data_list_key: key } = dataset.attributes;
  const missing = Object.entries({ data_list_file_path: list, data_list_key: key }).filter(
    ([, value]) => typeof value !== 'string' || value === '',
  );
  if (missing.length > 0) {
    return fail(
      ...missing.map(([attribute]) => ({
        code: 'data-list' as const,
        file: config.file,
        path: [...dataset.at, attribute],
        component: dataset.name,
        message: `The data set does not say its ${attribute}.`,
        allowed: '"data_list_file_path", "data_file_base_dir" and "data_list_key" beside "args"',
      })),
    );
  }
  const listFile = resolve(mmarRoot, String(list));
  const transforms = componentsOf(slots, 'pre_transforms');
  return succeed({
    section,
    dataset,
    listFile,
    listName: nameInMmar(mmarRoot, listFile),
    dataRoot: typeof root === 'string' && root !== '' ? resolve(mmarRoot, root) : resolve(listFile, '..'),
    listKey: String(key),
    imageKeys: transforms.filter(isLoader).flatMap(({ args }) => keysOf(args)),
    transforms,
    batchSize: Number(componentOf(slots, 'dataloader')?.args.batch_size ?? 1),
  });
}

const isLoader = ({ name, path }: ComponentNode): boolean =>
  path === undefined && findComponent(name, 'transform')?.name === 'LoadImaged';
