import type { InspectedFile } from '../../../../common/api/data-list.ts';
import type { ListedCase } from '../../../../common/mmar-edit/outline-data-list.ts';
import { formatNumber } from '../../../ui/format.ts';

/** How the files of a case stand. */
export type CaseState = 'looking' | 'ok' | 'missing' | 'unreadable' | 'sizes' | 'repeated' | 'no-case';

/** A case as the table shows it. */
export interface CaseRow {
  readonly item: ListedCase;
  readonly name: string;
  readonly image: string;
  readonly label: string;
  readonly shape: string | undefined;
  readonly voxels: number | undefined;
  readonly spacing: string | undefined;
  readonly bytes: number | undefined;
  readonly state: CaseState;
  /** What is wrong, in a sentence for each file. */
  readonly problem: string | undefined;
}

/** What each state is called. */
export const CASE_STATES: Readonly<Record<CaseState, string>> = {
  looking: 'looking …',
  ok: 'ok',
  missing: 'missing',
  unreadable: 'unreadable',
  sizes: 'sizes differ',
  repeated: 'listed twice',
  'no-case': 'no case',
};

/** True for a state that has to be mended. */
export const isProblem = (state: CaseState): boolean => state !== 'ok' && state !== 'looking';

/**
 * @param known files by path, as far as they were looked at
 * @param isRepeated another case of the list has the same image
 */
export function describeCase(
  item: ListedCase,
  known: ReadonlyMap<string, InspectedFile>,
  isRepeated: boolean,
): CaseRow {
  const image = known.get(item.image[0] ?? '');
  const files = item.files.map(({ path }) => known.get(path));
  const { state, problem } = judgeCase(item, known, isRepeated);
  const isComplete = files.length > 0 && files.every((file) => file !== undefined && file.sizeBytes !== null);
  return {
    item,
    name: caseName(item),
    image: item.image.join(', '),
    label: item.label.length > 0 ? item.label.join(', ') : describeLabel(item),
    shape: image?.shape?.join(' × '),
    voxels: image?.shape?.reduce((product, size) => product * size, 1),
    spacing: image?.spacingMm?.map((size) => formatNumber(size, 3)).join(' × '),
    bytes: isComplete ? files.reduce((sum, file) => sum + (file!.sizeBytes ?? 0), 0) : undefined,
    state,
    problem,
  };
}

const caseName = ({ image, label, index }: ListedCase): string => {
  const file = (image[0] ?? label[0])?.split('/').at(-1);
  return file?.replace(/\.(nii\.gz|nii|mha|mhd|nrrd|nhdr|dcm|hdr|img)$/i, '') ?? `entry ${index + 1}`;
};

/** Class numbers stand where a segmentation has a path. */
function describeLabel({ fields: { label } }: ListedCase): string {
  return label === undefined ? '' : JSON.stringify(label);
}

type Verdict = Pick<CaseRow, 'state' | 'problem'>;

function judgeCase(
  item: ListedCase,
  known: ReadonlyMap<string, InspectedFile>,
  isRepeated: boolean,
): Verdict {
  if (!item.isCase)
    return { state: 'no-case', problem: 'A case is an object with an image, a path, or a list of paths.' };
  const missing = item.files.filter(({ path }) => known.get(path)?.sizeBytes === null);
  if (missing.length > 0)
    return {
      state: 'missing',
      problem: missing.map(({ key, path }) => `${key}: ${path} is not there`).join('\n'),
    };
  const wrong = item.files.flatMap(({ key, path }) => {
    const problem = known.get(path)?.problem;
    return problem === undefined ? [] : [`${key}: ${problem}`];
  });
  if (wrong.length > 0) return { state: 'unreadable', problem: wrong.join('\n') };
  if (item.files.some(({ path }) => !known.has(path))) return { state: 'looking', problem: undefined };
  const sizes = findOtherSizes(item, known);
  if (sizes !== undefined) return { state: 'sizes', problem: sizes };
  if (isRepeated) return { state: 'repeated', problem: 'Another entry of the list has the same image.' };
  return { state: 'ok', problem: undefined };
}

function findOtherSizes(
  { image, label }: ListedCase,
  known: ReadonlyMap<string, InspectedFile>,
): string | undefined {
  const sizeOf = (path: string): string | undefined => known.get(path)?.shape?.slice(0, 3).join(' × ');
  const first = sizeOf(image[0] ?? '');
  const other = [...image.slice(1), ...label].find((path) => {
    const size = sizeOf(path);
    return size !== undefined && first !== undefined && size !== first;
  });
  return other === undefined ? undefined : `${other} has ${sizeOf(other)} voxels, the image has ${first}.`;
}
