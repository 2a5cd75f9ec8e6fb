import { FaultError, unwrap } from '../../common/fault.ts';
import { isJsonObject, type Json, type JsonObject } from '../../common/json.ts';
import { parseJsonObject } from '../../common/mmar/parse-json.ts';
import { resolveTrainConfig } from '../../common/mmar/resolve-train-config.ts';
import {
  componentOf,
  type ComponentNode,
  type ResolvedTrainConfig,
} from '../../common/mmar/resolved-config.ts';
import type { PlannedStep, PreviewRequest } from '../../common/preview-protocol.ts';
import { defineTransforms, readCases } from '../build/build-data.ts';
import { onlyNode, Slots } from '../build/slots.ts';
import type { Item } from '../data/item.ts';
import type { MmarFiles } from '../files/mmar-files.ts';
import { readEnvironmentOf } from '../program/load-config.ts';
import { Compose } from '../transforms/compose.ts';
import { isRandomTransform, type Transform } from '../transforms/transform.ts';
import { buildTransforms, type TransformDefinition } from '../transforms/transform-definition.ts';
import { UserClasses } from '../user-code/user-classes.ts';

/** A case and the transforms of a section, built by what builds them for a training. */
export interface Pipeline {
  readonly slots: Slots;
  readonly nodes: readonly ComponentNode[];
  /** As many of the transforms as can be built. */
  readonly chain: Compose;
  readonly definitions: readonly TransformDefinition[];
  /** Why the transform behind the last one of the chain cannot be built; undefined when all are. */
  readonly obstacle: FaultError | undefined;
  readonly dataRoot: string;
  readonly item: Item;
}

const ENVIRONMENT = 'config/environment.json';

/** @throws FaultError for a config that cannot be read, a section without data set, a case that is not there */
export async function openPipeline(request: PreviewRequest, files: MmarFiles): Promise<Pipeline> {
  const { section, listKey, index } = request;
  const config = resolveConfig(request, files);
  const { file } = config;
  const slots = new Slots({ file, sections: config, json: config.json });
  const dataset = findDataset(slots, section);
  const { dataRoot, items } = slots.at(dataset, () => readCases({ slots, files }, dataset, listKey));
  const item = items[index];
  if (item === undefined) throw noSuchCase(listKey, index, items.length);
  const nodes = slots.follow(dataset, 'transform', section, 'transform', (slot) => slot.nodes) ?? [];
  return { slots, nodes, dataRoot, item, ...(await buildChain(slots, nodes, files, request)) };
}

/** Slots that say which cases there are and what is done to them. */
const DATA_SLOTS = ['pre_transforms', 'dataset', 'dataloader'];

/** The config; where something else in it is wrong, as of one that is being edited, only its data. */
function resolveConfig(
  { configFile: file, configText, section }: PreviewRequest,
  files: MmarFiles,
): ResolvedTrainConfig {
  const json = unwrap(parseJsonObject(configText, file));
  const source = {
    file,
    environment: readEnvironmentOf(files, ENVIRONMENT),
    mmarRoot: files.root,
    joinPath: (_root: string, path: string) => files.resolve(path),
  };
  const whole = resolveTrainConfig({ ...source, config: json });
  if (whole.ok) return whole.value;
  const { validate, ...others } = json;
  const data: JsonObject = {
    ...others,
    train: pickSlots(json.train),
    ...(section === 'validate' && validate !== undefined ? { validate: pickSlots(validate) } : {}),
  };
  const part = resolveTrainConfig({ ...source, config: data });
  return part.ok ? part.value : unwrap(whole);
}

function pickSlots(section: Json | undefined): JsonObject {
  if (!isJsonObject(section)) return {};
  return Object.fromEntries(Object.entries(section).filter(([slot]) => DATA_SLOTS.includes(slot)));
}

function findDataset(slots: Slots, section: PreviewRequest['section']): ComponentNode {
  const loader = componentOf(slots.config.sections[section], 'dataloader');
  const dataset =
    loader === undefined ? undefined : slots.follow(loader, 'dataset', section, 'dataset', onlyNode);
  if (dataset !== undefined) return dataset;
  throw new FaultError({
    code: 'schema',
    file: slots.config.file,
    path: [section, 'dataset'],
    message: `The ${section} section has no data set, so there is nothing to look at.`,
    allowed: 'a "dataset" with "pre_transforms", and a "dataloader" that names it',
  });
}

/** Transforms are built one by one, so that what stands before a wrong one can be looked at. */
async function buildChain(
  slots: Slots,
  nodes: readonly ComponentNode[],
  files: MmarFiles,
  { trusted, configFile }: PreviewRequest,
): Promise<Pick<Pipeline, 'chain' | 'definitions' | 'obstacle'>> {
  const transforms: Transform[] = [];
  const definitions: TransformDefinition[] = [];
  let obstacle: FaultError | undefined;
  for (const node of nodes) {
    try {
      await UserClasses.load([node], { mmarRoot: files.root, trusted, configFile });
      const [definition] = defineTransforms({ slots, files }, [node]);
      const built = await slots.during(node, () => buildTransforms([definition]));
      transforms.push(...built.transforms);
      definitions.push(definition);
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
      obstacle = error;
      break;
    }
  }
  return { chain: new Compose(transforms), definitions, obstacle };
}

/** What the window is told of the transforms before they run. */
export function planSteps({ nodes, chain }: Pipeline): readonly PlannedStep[] {
  return nodes.map((node, index) => {
    const built = chain.transforms[index];
    return {
      name: node.name,
      path: [...node.at],
      args: node.args as unknown as PlannedStep['args'],
      random: built === undefined ? null : isRandomTransform(built),
      own: node.path !== undefined,
    };
  });
}

function noSuchCase(listKey: string, index: number, count: number): FaultError {
  return new FaultError({
    code: 'data-list',
    path: [listKey, index],
    message: `The list "${listKey}" has no case ${index}.`,
    allowed: `0 to ${count - 1}`,
  });
}
