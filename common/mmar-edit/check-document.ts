import { findArgumentNames } from '../components/catalogue.ts';
import type { Fault } from '../fault.ts';
import type { JsonObject } from '../json.ts';
import { buildComponent } from '../mmar/build-component.ts';
import { checkComponent, checkComponents } from '../mmar/check-components.ts';
import { findMissingTrainer, findUnusedSlots } from '../mmar/check-sections.ts';
import { resolveAutomlConfig } from '../mmar/config-automl.ts';
import type { ConfigSource } from '../mmar/config-source.ts';
import { detectDialect } from '../mmar/detect-dialect.ts';
import { dataListSchema } from '../mmar/data-list.ts';
import { environmentSchema } from '../mmar/environment.ts';
import { parseJsonObject } from '../mmar/parse-json.ts';
import { resolveEvaluationConfig } from '../mmar/resolve-evaluation-config.ts';
import { readTrainConfig, untrainable } from '../mmar/resolve-train-config.ts';
import { faultsOfIssues } from '../mmar/schema-faults.ts';
import { substituteVariables } from '../mmar/substitute-variables.ts';
import { collectVariables, type Variables } from '../mmar/variables.ts';
import { findOverridden } from '../search-space/find-overridden.ts';
import { makeConcrete } from '../search-space/make-concrete.ts';
import { readSearchSpace, type BoundSearchSpace } from '../search-space/read-search-space.ts';
import { clampToSpace } from '../search-space/validate-values.ts';
import type { DocumentKind } from './document-kind.ts';
import { findRange } from './find-node.ts';
import type { JsonTree, TextRange } from './json-tree.ts';
import { outlineTrainConfig } from './outline-config.ts';

/** Something that is wrong with a text, and where in it. */
export interface Finding {
  readonly fault: Fault;
  readonly range: TextRange;
  /** A warning keeps nobody from training. */
  readonly severity: 'error' | 'warning';
}

/** What a document is checked against. */
export interface CheckContext {
  /** The name of the file, for messages. */
  readonly file: string;
  /** environment.json; empty where there is none. */
  readonly environment: JsonObject;
  /** False for an MMAR whose jobs a program of the site trains: then only the search is checked. */
  readonly trainsHere: boolean;
}

/** The folder of the MMAR in variables: the window does not know where it stands. */
const ROOT = '.';
const joinPath = (root: string, path: string): string => (path.startsWith('/') ? path : `${root}/${path}`);

/**
 * Everything that can be told from the text of a file alone, with the same rules that a training is checked by before
 * it starts. Files, images and user code are looked at elsewhere.
 */
export function checkDocument(
  kind: DocumentKind,
  text: string,
  tree: JsonTree,
  context: CheckContext,
): readonly Finding[] {
  if (kind === 'text') return [];
  if (tree.problems.length > 0) return tree.problems.map((problem) => syntaxFinding(problem, text, context));
  if (kind === 'json') return [];
  const parsed = parseJsonObject(text, context.file);
  const { faults, warnings = [] } = parsed.ok
    ? checks[kind](parsed.value, context)
    : { faults: parsed.faults };
  return [
    ...distinct(faults).map((fault) => locate(fault, 'error', tree, context)),
    ...distinct(warnings).map((fault) => locate(fault, 'warning', tree, context)),
  ].toSorted((a, b) => a.range.from - b.range.from);
}

/** Every variable that a train config's `{name}` could mean, as far as a window can know it. */
export function variablesOf(config: JsonObject, environment: JsonObject): Variables {
  return collectVariables({ config, environment, overrides: {}, mmarRoot: ROOT, joinPath });
}

/** The search space of a config; undefined for one that searches nothing or is wrong. */
export function spaceOf(
  config: JsonObject,
  { file, environment, trainsHere }: CheckContext,
): BoundSearchSpace | readonly Fault[] {
  const variables = variablesOf(config, environment);
  const known = trainsHere ? { knownArguments: findArgumentNames } : {};
  const space = readSearchSpace(config, { file, variables, ...known });
  return space.ok ? space.value : space.faults;
}

interface Findings {
  readonly faults: readonly Fault[];
  readonly warnings?: readonly Fault[];
}

type Check = (json: JsonObject, context: CheckContext) => Findings;

const checks: Readonly<Record<Exclude<DocumentKind, 'json' | 'text'>, Check>> = {
  config_train: checkTrain,
  config_evaluation: checkEvaluation,
  config_automl: (json, context) => faultsIn(resolveAutomlConfig(sourceOf(json, context))),
  environment: (json, context) =>
    schemaFaults(environmentSchema.safeParse(json, { reportInput: true }), context),
  data_list: (json, context) => schemaFaults(dataListSchema.safeParse(json, { reportInput: true }), context),
};

function sourceOf(config: JsonObject, { file, environment }: CheckContext): ConfigSource {
  return { config, file, environment, mmarRoot: ROOT, joinPath };
}

function checkTrain(json: JsonObject, context: CheckContext): Findings {
  const { file, environment, trainsHere } = context;
  const space = spaceOf(json, context);
  if ('parameters' in space) {
    const overridden = findOverridden(space, environment, file).map((fault) => ({ ...fault, file }));
    if (!trainsHere) return { faults: overridden };
    const { config } = makeConcrete(json, space, clampToSpace(space, {}), { removeSearchAugs: false });
    const { faults, warnings } = checkSections(config, context);
    return { faults: [...overridden, ...faults], warnings };
  }
  // A config that searches nothing is one to train.
  const wrong = space.filter(({ code }) => code !== 'search-empty');
  if (!trainsHere) return { faults: wrong };
  const { faults, warnings } = checkSections(json, context);
  return { faults: [...wrong, ...faults], warnings };
}

function checkSections(json: JsonObject, context: CheckContext): Findings & Required<Findings> {
  const { file } = context;
  const read = readTrainConfig(sourceOf(json, context));
  if (!read.ok) return { faults: [...read.faults, ...checkEachComponent(json, context)], warnings: [] };
  const resolved = read.value;
  if (resolved.dialect === '3.x') return { faults: [], warnings: [untrainable(file)] };
  const { train, validate } = resolved;
  return {
    faults: [
      ...findMissingTrainer(resolved),
      ...checkComponents(train, file),
      ...(validate === undefined ? [] : checkComponents(validate, file)),
    ],
    warnings: findUnusedSlots(resolved),
  };
}

/** The arguments of every component by itself: what is wrong elsewhere does not hide what is wrong with them. */
function checkEachComponent(json: JsonObject, { file, environment }: CheckContext): readonly Fault[] {
  const variables = variablesOf(json, environment);
  const { json: config } = substituteVariables(json, variables);
  if (detectDialect(config) === '3.x') return [];
  const silent = { file, variables, isSlot: () => true, report: () => undefined };
  return outlineTrainConfig(config).flatMap(({ slots }) =>
    slots.flatMap(({ cards, kind }) =>
      cards.flatMap((card) => {
        if (card.isRef || card.isDisabled) return [];
        const node = buildComponent(card.json, card.path, silent);
        return node === undefined ? [] : checkComponent(node, file, kind);
      }),
    ),
  );
}

function checkEvaluation(json: JsonObject, context: CheckContext): Findings {
  const read = resolveEvaluationConfig(sourceOf(json, context));
  return { faults: read.ok ? checkComponents(read.value.section, context.file) : read.faults };
}

function faultsIn(result: { readonly ok: boolean; readonly faults?: readonly Fault[] }): Findings {
  return { faults: result.faults ?? [] };
}

function schemaFaults(
  parsed: { readonly success: boolean; readonly error?: Parameters<typeof faultsOfIssues>[0] },
  { file }: CheckContext,
): Findings {
  if (parsed.error === undefined) return { faults: [] };
  const faults = faultsOfIssues(parsed.error, { file, path: [] });
  return { faults: faults.map((fault) => ({ ...fault, code: 'schema' as const })) };
}

function locate(
  fault: Fault,
  severity: Finding['severity'],
  tree: JsonTree,
  { file }: CheckContext,
): Finding {
  return { fault: { file, ...fault }, severity, range: findRange(tree, fault.path ?? []) };
}

function syntaxFinding(
  { message, from, to }: TextRange & { readonly message: string },
  text: string,
  { file }: CheckContext,
): Finding {
  const before = text.slice(0, from);
  const line = before.split('\n').length;
  const column = from - before.lastIndexOf('\n');
  return {
    fault: { code: 'json-syntax', file, line, column, message: `${message}.` },
    range: { from, to: Math.max(to, Math.min(from + 1, text.length)) },
    severity: 'error',
  };
}

/** A ref puts one component into both sections: what is wrong with it is said once. */
function distinct(faults: readonly Fault[]): readonly Fault[] {
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
}
