import { formatBytes } from '../../../ui/format.ts';
import type { BadgeTone, TableColumn } from '../../../ui/table-column.ts';
import { CASE_STATES, type CaseRow, type CaseState } from './case-row.ts';

const TONES: Readonly<Partial<Record<CaseState, BadgeTone>>> = {
  missing: 'error',
  unreadable: 'error',
  'no-case': 'error',
  sizes: 'warn',
  repeated: 'warn',
};

/** The columns of a table of cases. @param hasSections rows of several sections stand in it */
export function caseColumns(hasSections: boolean): readonly TableColumn<CaseRow>[] {
  return [
    { key: 'case', title: 'Case', value: ({ name }) => name, width: 170, isFixed: true },
    ...(hasSections
      ? [{ key: 'section', title: 'Section', value: ({ item }: CaseRow) => item.key, width: 90 }]
      : []),
    {
      key: 'state',
      title: 'Files',
      value: ({ state }) => CASE_STATES[state],
      width: 100,
      look: ({ state, problem }) => ({ tone: TONES[state], title: problem }),
    },
    {
      key: 'shape',
      title: 'Voxels',
      value: ({ voxels }) => voxels,
      format: (_, { shape }) => shape ?? '',
      width: 110,
      align: 'end',
    },
    { key: 'spacing', title: 'Spacing (mm)', value: ({ spacing }) => spacing, width: 120, align: 'end' },
    {
      key: 'bytes',
      title: 'Size',
      value: ({ bytes }) => bytes,
      format: (bytes) => formatBytes(Number(bytes)),
      width: 80,
      align: 'end',
    },
    { key: 'image', title: 'Image', value: ({ image }) => image || undefined, width: 230, mono: true },
    { key: 'label', title: 'Label', value: ({ label }) => label || undefined, width: 230, mono: true },
  ];
}
