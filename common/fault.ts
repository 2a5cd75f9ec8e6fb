import { formatJsonPath, type JsonPath } from './json.ts';

/** Every expected failure, by the thing that is wrong. Closed: a new kind of failure gets its own code here. */
export type FaultCode =
  // files and JSON
  | 'file-missing'
  | 'file-unreadable'
  | 'file-unwritable'
  | 'disk-full'
  | 'file-changed'
  | 'file-too-large'
  | 'file-not-text'
  | 'path-not-allowed'
  | 'json-syntax'
  | 'schema'
  // configs
  | 'unknown-component'
  | 'unknown-argument'
  | 'missing-argument'
  | 'wrong-argument'
  | 'unknown-variable'
  | 'unknown-reference'
  | 'reference-cycle'
  | 'unsupported-expression'
  | 'no-alternative-enabled'
  | 'several-alternatives-enabled'
  | 'unsupported-dialect'
  | 'validation-never-runs'
  | 'size-not-divisible'
  | 'patch-too-large'
  // search spaces
  | 'search-target'
  | 'search-unknown-argument'
  | 'search-duplicate'
  | 'search-alias-undeclared'
  | 'search-alias-unused'
  | 'search-condition'
  | 'search-not-clara'
  | 'search-empty'
  | 'search-too-large'
  // data
  | 'data-list'
  | 'data-list-empty'
  | 'image-missing'
  | 'image-unreadable'
  | 'image-truncated'
  | 'image-size-mismatch'
  | 'image-geometry'
  | 'image-burned-in'
  | 'volume-gone'
  | 'preview'
  | 'label-empty'
  | 'label-values'
  // packed MMARs
  | 'archive'
  | 'identifying'
  // running
  | 'unknown-device'
  | 'too-little-memory'
  | 'workers'
  | 'already-exists'
  | 'run-not-found'
  | 'run-finished'
  | 'run-locked'
  | 'journal-damaged'
  | 'run-changed'
  | 'not-trusted'
  | 'user-code'
  | 'controller'
  | 'diverged'
  | 'checkpoint'
  // tracking
  | 'store-locked'
  | 'store-damaged'
  | 'store-revision'
  | 'store-read-only'
  | 'tracking-request'
  | 'usage';

/** One thing that is wrong, said so that a user can mend it. */
export interface Fault {
  readonly code: FaultCode;
  /** What is wrong, a sentence without the location. */
  readonly message: string;
  /** The file, relative to the MMAR where possible. */
  readonly file?: string;
  /** 1-based line and column, where the file could not be parsed far enough for a path. */
  readonly line?: number;
  readonly column?: number;
  /** Where in the file. */
  readonly path?: JsonPath;
  /** The component's name, e.g. `DiceLoss`. */
  readonly component?: string;
  /** The component's argument. */
  readonly argument?: string;
  /** What would have been right. */
  readonly allowed?: string;
}

/** A fault on one line: `config/config_train.json: train.loss.args.softmaxx (DiceLoss): unknown argument. Allowed: ...` */
export function formatFault(fault: Fault): string {
  const position = fault.line === undefined ? '' : `:${fault.line}:${fault.column ?? 1}`;
  const where = [
    fault.file === undefined ? undefined : `${fault.file}${position}`,
    fault.path === undefined ? undefined : formatJsonPath(fault.path),
    fault.component === undefined
      ? fault.argument
      : `${fault.component}${fault.argument === undefined ? '' : `.${fault.argument}`}`,
  ].filter((part) => part !== undefined);
  const head = where.length === 0 ? '' : `${where.join(': ')}: `;
  const tail = fault.allowed === undefined ? '' : ` Allowed: ${fault.allowed}.`;
  // Messages of user code and of libraries end as they like.
  const end = /[.!?]$/.test(fault.message.trimEnd()) ? '' : '.';
  return `${head}${fault.message}${end}${tail}`;
}

/** Carries faults to the boundary that reports them. Anything else that is thrown is a defect of the program. */
export class FaultError extends Error {
  readonly faults: readonly Fault[];

  constructor(...faults: readonly Fault[]) {
    super(faults.map(formatFault).join('\n'));
    this.name = 'FaultError';
    this.faults = faults;
  }
}

/** A value, or everything that was wrong with its making. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly faults: readonly Fault[] };

export const succeed = <T>(value: T): Result<T> => ({ ok: true, value });
export const fail = (...faults: readonly Fault[]): Result<never> => ({ ok: false, faults });

/** The value, or a {@link FaultError} with all faults. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new FaultError(...result.faults);
}
