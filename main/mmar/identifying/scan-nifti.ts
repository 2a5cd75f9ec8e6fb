import { matchText } from './identifying-rules.ts';
import type { IdentifyingFinding } from './scan-content.ts';

interface TextField {
  readonly name: string;
  readonly offset: number;
  readonly bytes: number;
}

/** Text fields of NIfTI-1 (with what ANALYZE left unused) and NIfTI-2. Source: nifti1.h, nifti2.h. */
const NIFTI_1: readonly TextField[] = [
  { name: 'data_type', offset: 4, bytes: 10 },
  { name: 'db_name', offset: 14, bytes: 18 },
  { name: 'descrip', offset: 148, bytes: 80 },
  { name: 'aux_file', offset: 228, bytes: 24 },
  { name: 'intent_name', offset: 328, bytes: 16 },
];
const NIFTI_2: readonly TextField[] = [
  { name: 'descrip', offset: 240, bytes: 80 },
  { name: 'aux_file', offset: 320, bytes: 24 },
  { name: 'intent_name', offset: 508, bytes: 16 },
];

/** Of an uncompressed file, as much as holds the header and the extensions that matter. */
export const NIFTI_HEAD_BYTES = 64 * 1024;
/** An extension that is a whole DICOM header. */
const DICOM_EXTENSION = 2;

/** The text fields and header extensions of a NIfTI file, from its uncompressed start; undefined when it is none. */
export function scanNifti(file: string, head: Buffer): readonly IdentifyingFinding[] | undefined {
  const layout = findLayout(head);
  if (layout === undefined) return undefined;
  const { fields, headerBytes, littleEndian } = layout;
  const ofFields = fields.flatMap(({ name, offset, bytes }) => {
    const text = head.toString('latin1', offset, offset + bytes).split('\0')[0]!;
    return matchText(text, true).map((rule) => ({ rule, file, field: name }));
  });
  return [...ofFields, ...scanExtensions(file, head, headerBytes, littleEndian)];
}

function findLayout(
  head: Buffer,
): { fields: readonly TextField[]; headerBytes: number; littleEndian: boolean } | undefined {
  if (head.length < 348) return undefined;
  for (const littleEndian of [true, false]) {
    const size = littleEndian ? head.readInt32LE(0) : head.readInt32BE(0);
    if (size === 348) return { fields: NIFTI_1, headerBytes: 348, littleEndian };
    if (size === 540) return { fields: NIFTI_2, headerBytes: 540, littleEndian };
  }
  return undefined;
}

/** After the header: four bytes that say whether there are any, then size, code and content of each. */
function scanExtensions(
  file: string,
  head: Buffer,
  headerBytes: number,
  littleEndian: boolean,
): readonly IdentifyingFinding[] {
  if (head.length < headerBytes + 12 || head[headerBytes] === 0) return [];
  const read = (at: number): number => (littleEndian ? head.readInt32LE(at) : head.readInt32BE(at));
  const findings: IdentifyingFinding[] = [];
  for (let at = headerBytes + 4; at + 8 <= head.length;) {
    const [size, code] = [read(at), read(at + 4)];
    if (size < 8) break;
    const field = `extension ${code}`;
    if (code === DICOM_EXTENSION) findings.push({ rule: 'dicom-file', file, field });
    const text = head.toString('latin1', at + 8, Math.min(at + size, head.length));
    findings.push(...matchText(text, true).map((rule) => ({ rule, file, field })));
    at += size;
  }
  return findings;
}
