import { FaultError } from '../../../common/fault.ts';

const KIB = 2 ** 10;
const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** What a packed MMAR may come to when it is unpacked. */
export interface ArchiveLimits {
  readonly entries: number;
  readonly totalBytes: number;
  /** Of one file that is read as a whole: configs, code, documents. */
  readonly textBytes: number;
  /** Of any other file: models. */
  readonly fileBytes: number;
  /** Unpacked bytes for a packed one, once a file is larger than {@link ratioFromBytes}. */
  readonly ratio: number;
  readonly ratioFromBytes: number;
}

export const archiveLimits: ArchiveLimits = {
  entries: 10_000,
  totalBytes: 32 * GIB,
  textBytes: 64 * MIB,
  fileBytes: 16 * GIB,
  ratio: 200,
  ratioFromBytes: 256 * KIB,
};

const TEXT = /\.(json|txt|md|sh|bat|ts|mts|js|mjs|cjs|py|config|cfg|ini|yaml|yml|csv)$/i;

/** The most bytes that a file of this name may have. */
export function mostBytesOf(name: string, limits: ArchiveLimits): number {
  return TEXT.test(name) ? limits.textBytes : limits.fileBytes;
}

/** Counts what is unpacked while it is, and stops what grows beyond the limits. */
export class UnpackedBytes {
  readonly #limits: ArchiveLimits;
  #total = 0;

  constructor(limits: ArchiveLimits) {
    this.#limits = limits;
  }

  /** @throws FaultError `archive` */
  checkCount(entries: number): void {
    if (entries > this.#limits.entries)
      throw tooMuch(`It has ${entries} entries.`, `at most ${this.#limits.entries}`);
  }

  /** A counter for one file. @param packedBytes as its entry takes in the archive */
  ofFile(name: string, packedBytes: number): (bytes: number) => void {
    const { totalBytes, ratio, ratioFromBytes } = this.#limits;
    const most = mostBytesOf(name, this.#limits);
    let size = 0;
    return (bytes) => {
      size += bytes;
      this.#total += bytes;
      if (size > most) throw tooMuch(`${name} is too large.`, `at most ${describeBytes(most)}`);
      if (this.#total > totalBytes)
        throw tooMuch('It is too large.', `at most ${describeBytes(totalBytes)} in all`);
      if (size > ratioFromBytes && size > ratio * Math.max(1, packedBytes))
        throw tooMuch(`${name} unpacks to more than ${ratio} times its packed size.`, 'no archive bomb');
    };
  }
}

function tooMuch(message: string, allowed: string): FaultError {
  return new FaultError({ code: 'archive', message: `The archive is refused. ${message}`, allowed });
}

function describeBytes(bytes: number): string {
  return bytes >= GIB ? `${bytes / GIB} GiB` : `${bytes / MIB} MiB`;
}
