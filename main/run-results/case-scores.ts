import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { CaseScore } from '../../common/api/results.ts';
import { readCsvCell } from '../../common/text/csv-cell.ts';

const RAW = '_raw.csv';
const SEGMENTATION = /\.(nii|nii\.gz|nrrd|mha|mhd)$/;

/** Scores of cases as MetricsSaver writes them, in the order of the data list. */
export interface CaseTable {
  readonly metric: string;
  readonly classes: readonly string[];
  readonly rows: readonly {
    readonly file: string;
    readonly classes: readonly (number | null)[];
    readonly mean: number | null;
  }[];
}

/** Reads `<metric>_raw.csv`: a row per case, a column per class and their mean. Undefined when there is none. */
export async function readCaseTable(folder: string): Promise<CaseTable | undefined> {
  const names = await readdir(folder).catch(() => []);
  const name = names.find((found) => found.endsWith(RAW));
  if (name === undefined) return undefined;
  return parseCaseTable(await readFile(join(folder, name), 'utf8'), name.slice(0, -RAW.length));
}

/** @param text rows of `filename,class1,...,mean`; the delimiter is the first that its head has after `filename` */
export function parseCaseTable(text: string, metric: string): CaseTable | undefined {
  const [head, ...lines] = text.trimEnd().split('\n');
  const delimiter = /^filename(.)/.exec(head ?? '')?.[1];
  if (head === undefined || delimiter === undefined) return undefined;
  const columns = head.split(delimiter).slice(1);
  const classes = columns.filter((column) => column !== 'mean');
  const rows = lines.map((line) => {
    const fields = line.split(delimiter);
    // What stands before the columns is the name, whatever characters it has.
    const values = fields.slice(-columns.length).map(readNumber);
    return {
      file: readCsvCell(fields.slice(0, -columns.length).join(delimiter)),
      classes: values.slice(0, classes.length),
      mean: values[columns.indexOf('mean')] ?? null,
    };
  });
  return { metric, classes, rows };
}

/** The segmentations in a folder, by the name of their case (SaveImaged: `<case>/<case>_seg.nii.gz`). */
export async function findSegmentations(folder: string): Promise<ReadonlyMap<string, string>> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = found.filter((entry) => entry.isFile() && SEGMENTATION.test(entry.name));
  return new Map(files.map(({ parentPath, name }) => [basename(parentPath), join(parentPath, name)]));
}

/** Puts scores and segmentations together, worst case first; those without a score before all. */
export function describeCases(
  table: CaseTable,
  segmentations: ReadonlyMap<string, string>,
  place: { readonly mmarRoot: string; readonly list: string },
): CaseScore[] {
  return table.rows
    .map(({ file, classes, mean }, index) => {
      const name = basename(file).replace(/\.(nii(\.gz)?|nrrd|mha|mhd|dcm)$/, '');
      const path = segmentations.get(name);
      const inside = path === undefined ? '..' : relative(place.mmarRoot, path).replaceAll('\\', '/');
      return {
        list: place.list,
        index,
        name,
        score: mean,
        classes: [...classes],
        ...(inside.startsWith('..') ? {} : { segmentation: inside }),
      };
    })
    .toSorted((a, b) => (a.score ?? -Infinity) - (b.score ?? -Infinity) || a.index - b.index);
}

function readNumber(text: string): number | null {
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? null : value;
}
