import { fail, succeed, type Fault, type Result } from '../fault.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { buildComponent, type BuildContext } from './build-component.ts';
import { buildSection, NO_REF_TARGETS } from './build-section.ts';
import { LIST_SLOTS, SINGLE_SLOTS } from './component-grammar.ts';
import { readSwitch, substituteConfig, type ConfigSource } from './config-source.ts';
import { detectDialect } from './detect-dialect.ts';
import { findReferenceFaults } from './references.ts';
import type { EvaluationModel, ResolvedEvaluationConfig } from './resolved-config.ts';
import { wireImplicitly } from './wire-implicitly.ts';

const NEEDED = ['pre_transforms', 'dataset', 'dataloader', 'inferer', 'evaluator'];
const MODEL_FORMS = '{"ts_path": ...}, {"ckpt_path": ...} or a network';

/**
 * A flat config_validation or config_inference of the 4.1 or 4.0 dialect, ready to be built. The model is a file
 * (`ts_path`, `ckpt_path`) or a network; of a list, the one that is enabled.
 *
 * Fails with everything that is wrong, and for 3.x with `unsupported-dialect`.
 */
export function resolveEvaluationConfig(source: ConfigSource): Result<ResolvedEvaluationConfig> {
  const substituted = substituteConfig(source);
  if (!substituted.ok) return substituted;
  const { file } = source;
  const { json, variables } = substituted.value;
  const dialect = detectDialect(json);
  if (dialect === '3.x') return fail(unsupported(file));
  const faults: Fault[] = [...substituted.value.faults, ...findMissingSlots(json, file)];
  const report = (fault: Fault): void => void faults.push(fault);
  const context: BuildContext = {
    file,
    variables,
    report,
    isSlot: (name) => Object.hasOwn(json, name) || name === 'conf',
  };

  const model = readModel(json.model, context);
  const amp = readSwitch(variables, 'amp', file, report);
  const { model: _, ...slots } = Object.fromEntries(
    Object.entries(json).filter(([slot]) => SINGLE_SLOTS.has(slot) || LIST_SLOTS.has(slot)),
  );
  const built = buildSection(slots, [], NO_REF_TARGETS, context);
  const section = dialect === '4.0' ? wireImplicitly(built, { file, amp, report }) : built;
  const multiGpu = readSwitch(variables, 'multi_gpu', file, report);
  const useGpu = readSwitch(variables, 'use_gpu', file, report);
  if (faults.length === 0) faults.push(...findFlatReferenceFaults(section, file));
  if (faults.length > 0 || model === undefined) return fail(...faults);
  return succeed({ dialect, file, variables, amp, multiGpu, useGpu, model, section, json });
}

function unsupported(file: string): Fault {
  return {
    code: 'unsupported-dialect',
    file,
    path: [],
    message: 'This is a Clara Train 3.x config: its TensorFlow components cannot run here.',
    allowed: 'the dialects of Clara Train 4.0 and 4.1',
  };
}

function findMissingSlots(json: JsonObject, file: string): readonly Fault[] {
  return NEEDED.filter((slot) => !isJsonObject(json[slot]) && !Array.isArray(json[slot])).map((slot) => ({
    code: 'schema',
    file,
    path: [slot],
    message: `The config has no "${slot}".`,
  }));
}

function readModel(value: Json | undefined, context: BuildContext): EvaluationModel | undefined {
  const alternatives = Array.isArray(value) ? (value as readonly Json[]) : value === undefined ? [] : [value];
  const enabled = alternatives
    .map((json, index) => ({ json, at: Array.isArray(value) ? ['model', index] : ['model'] }))
    .filter(({ json }) => !(isJsonObject(json) && json.disabled === true));
  const [only] = enabled;
  if (only === undefined || enabled.length > 1) {
    const code = only === undefined ? 'no-alternative-enabled' : 'several-alternatives-enabled';
    const message = only === undefined ? 'No model is enabled.' : 'Several models are enabled.';
    context.report({
      code,
      file: context.file,
      path: ['model'],
      message,
      allowed: `exactly one: ${MODEL_FORMS}`,
    });
    return undefined;
  }
  return readOneModel(only.json, only.at, context);
}

function readOneModel(
  json: Json,
  at: (string | number)[],
  context: BuildContext,
): EvaluationModel | undefined {
  if (isJsonObject(json)) {
    if (typeof json.ts_path === 'string') return { format: 'ts', path: json.ts_path, at: [...at, 'ts_path'] };
    if (typeof json.ckpt_path === 'string')
      return { format: 'ckpt', path: json.ckpt_path, at: [...at, 'ckpt_path'] };
    if (typeof json.name === 'string' || typeof json.path === 'string') {
      const node = buildComponent(json, at, context);
      return node === undefined ? undefined : { format: 'network', node };
    }
  }
  context.report({
    code: 'schema',
    file: context.file,
    path: at,
    message: 'This is no model.',
    allowed: MODEL_FORMS,
  });
  return undefined;
}

/** The model is a slot that references may name, though the section does not hold it. */
function findFlatReferenceFaults(
  section: ResolvedEvaluationConfig['section'],
  file: string,
): readonly Fault[] {
  return findReferenceFaults({ train: { ...section, model: [] } }, file);
}
