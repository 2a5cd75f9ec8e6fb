import { fail, succeed, type Fault, type Result } from '../fault.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { BuildContext } from './build-component.ts';
import { buildSection, collectRefTargets } from './build-section.ts';
import { trainConfigSchema } from './component-grammar.ts';
import { readSwitch, substituteConfig, type ConfigSource } from './config-source.ts';
import { detectDialect } from './detect-dialect.ts';
import { findReferenceFaults, type Sections } from './references.ts';
import type { Dialect, ResolvedTrainConfig } from './resolved-config.ts';
import { faultsOfIssues } from './schema-faults.ts';
import type { Variables } from './variables.ts';
import { findMissingParts, wireImplicitly } from './wire-implicitly.ts';

/**
 * A config_train of the 4.1 or 4.0 dialect, ready to be built: variables filled in, disabled components gone, the
 * enabled alternative chosen, every `ref` replaced, expressions recognised, references checked. 4.0's implicit wiring
 * is written out as 4.1 would, so that a trainer knows one form.
 *
 * Fails with everything that is wrong, and for 3.x with `unsupported-dialect`. Component names and arguments are
 * checked by {@link ../components/check-components.ts}.
 */
export function resolveTrainConfig(source: ConfigSource): Result<ResolvedTrainConfig> {
  const read = readTrainConfig(source);
  if (!read.ok || read.value.dialect !== '3.x') return read;
  return fail(untrainable(source.file));
}

/** As {@link resolveTrainConfig}, but for reading, checking and search spaces: accepts 3.x as well, with its own slots. */
export function readTrainConfig(source: ConfigSource): Result<ResolvedTrainConfig> {
  const substituted = substituteConfig(source);
  if (!substituted.ok) return substituted;
  const { file } = source;
  const { json, variables } = substituted.value;
  const faults: Fault[] = [...substituted.value.faults, ...findSchemaFaults(json, file)];
  const report = (fault: Fault): void => void faults.push(fault);

  const dialect = detectDialect(json);
  const sections = isJsonObject(json.train)
    ? buildSections(json, dialect, { file, variables, report })
    : { train: {} };
  if (faults.length === 0) faults.push(...findReferenceFaults(sections, file));
  const resolved: ResolvedTrainConfig = {
    dialect,
    file,
    variables,
    ...readDeterminism(variables),
    amp: readSwitch(variables, 'amp', file, report),
    multiGpu: readSwitch(variables, 'multi_gpu', file, report),
    useGpu: readSwitch(variables, 'use_gpu', file, report),
    tf32: readSwitch(variables, 'tf32', file, report),
    cudnnBenchmark: readSwitch(variables, 'cudnn_benchmark', file, report),
    ...sections,
    json,
  };
  return faults.length === 0 ? succeed(resolved) : fail(...faults);
}

/** Why a 3.x config cannot be trained, and what to do. */
export function untrainable(file: string): Fault {
  return {
    code: 'unsupported-dialect',
    file,
    path: [],
    message:
      'This is a Clara Train 3.x config: it can be read, checked and searched, but its TensorFlow components cannot be trained here. Rewrite it with MONAI components, starting from a template: outerloop mmar new.',
    allowed: 'the dialects of Clara Train 4.0 and 4.1',
  };
}

function findSchemaFaults(json: JsonObject, file: string): readonly Fault[] {
  const parsed = trainConfigSchema.safeParse(json, { reportInput: true });
  if (parsed.success) return [];
  // Components are checked one by one as they are built, which says more; `amp` and the like with the switches.
  const outside = faultsOfIssues(parsed.error, { file, path: [] }).filter(
    ({ path }) =>
      path === undefined || path.length < 2 || path[0] === 'determinism' || path[0] === 'lr_search',
  );
  return outside
    .filter(({ path }) => !SWITCHES.has(String(path?.[0])))
    .map((fault) => ({ ...fault, code: 'schema' }));
}

const SWITCHES: ReadonlySet<string> = new Set(['amp', 'multi_gpu', 'use_gpu', 'tf32', 'cudnn_benchmark']);

function buildSections(
  json: JsonObject,
  dialect: Dialect,
  base: Pick<BuildContext, 'file' | 'variables' | 'report'>,
): Sections {
  const train = json.train as JsonObject;
  const validate = isJsonObject(json.validate) ? json.validate : undefined;
  const slots = new Set([...Object.keys(train), ...Object.keys(validate ?? {})]);
  const context: BuildContext = { ...base, isSlot: (name) => slots.has(name) || name === 'conf' };
  const targets = collectRefTargets(train, ['train'], context);
  const built: Sections = {
    train: buildSection(train, ['train'], targets, context),
    ...(validate === undefined ? {} : { validate: buildSection(validate, ['validate'], targets, context) }),
  };
  return dialect === '4.0' ? wireSections(built, context) : built;
}

function wireSections({ train, validate }: Sections, context: BuildContext): Sections {
  const { file, variables, report } = context;
  findMissingParts(train, file).forEach(report);
  // A wrong `amp` is reported with the other switches.
  const wiring = { file, report, amp: readSwitch(variables, 'amp', file, () => undefined) };
  return {
    train: wireImplicitly(train, wiring),
    ...(validate === undefined ? {} : { validate: wireImplicitly(validate, wiring) }),
  };
}

/** The seed of `determinism`, which `--set determinism=7` may give as a number. 3.x writes seeds as text. */
function readDeterminism(variables: Variables): Pick<ResolvedTrainConfig, 'determinism'> {
  const value: Json | undefined = variables.determinism;
  const seed = isJsonObject(value) ? value.random_seed : value;
  if (typeof seed === 'number' && Number.isInteger(seed)) return { determinism: { randomSeed: seed } };
  if (typeof seed === 'string' && /^\d+$/.test(seed)) return { determinism: { randomSeed: Number(seed) } };
  return isJsonObject(value) ? { determinism: { randomSeed: 0 } } : {};
}
