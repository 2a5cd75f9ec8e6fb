import { invalidParameter } from '../../../../common/mlflow/error.ts';
import { invalidValue, missingValue } from '../../validation/messages.ts';
import { parseFields, UnfitValue, type Field, type Fields, type FieldValue, type Parsed } from './fields.ts';

const SEE_DOCS = ' See the API docs for more information about request parameters.';

/** What came, with the fields that must be there. */
export type Request<F extends Fields, R extends keyof F> = Parsed<F> & {
  readonly [K in R]-?: FieldValue<F[K]>;
};

/**
 * Reads a request in MLflow's protocol.
 *
 * @throws {MLflowError} INVALID_PARAMETER_VALUE where a required field is missing or empty, or a value does not fit.
 */
export function parseRequest<F extends Fields, const R extends keyof F & string>(
  fields: F,
  required: readonly R[],
  json: Record<string, unknown>,
): Request<F, R> {
  let parsed: Parsed<F> | undefined;
  let unfit: UnfitValue | undefined;
  try {
    parsed = parseFields(fields, json);
  } catch (error) {
    if (!(error instanceof UnfitValue)) throw error;
    unfit = error;
  }
  for (const name of required) {
    const value = name === 'run_id' ? (json['run_id'] ?? json['run_uuid']) : json[name];
    if (value === undefined || value === null || value === '')
      throw invalidParameter(missingValue(name) + SEE_DOCS);
  }
  if (unfit !== undefined) throw invalidParameter(describeUnfit(unfit, fields, json));
  return parsed as Request<F, R>;
}

/** The field as a whole where its own type is wrong, the place within it otherwise. */
function describeUnfit({ path, value }: UnfitValue, fields: Fields, json: Record<string, unknown>): string {
  const name = path.split(/[.[]/)[0]!;
  const field: Field<unknown> | undefined = fields[name];
  const isItem = /^\w+\[\d+\]$/.test(path);
  const isWhole = path === name || isItem || field?.type !== 'list';
  const shown = isWhole ? json[name] : value;
  return (
    invalidValue(isWhole ? name : path, shown, ` Hint: Value was of type '${pythonType(shown)}'.`) + SEE_DOCS
  );
}

/** MLflow's users read Python's names of types. */
function pythonType(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return 'dict';
}
