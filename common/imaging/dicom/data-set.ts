/** Where the value of an element stands in its file. */
export interface DicomElement {
  readonly offset: number;
  /** 0xffffffff for a sequence of unknown length and for encapsulated pixels. */
  readonly length: number;
}

/** The elements of a DICOM file up to its pixels, by tag `ggggeeee`; those in sequences are left out. */
export interface DicomDataSet {
  readonly bytes: Uint8Array;
  readonly transferSyntax: string;
  readonly elements: ReadonlyMap<string, DicomElement>;
}

export const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';
const DEFLATED = '1.2.840.10008.1.2.1.99';

export const PIXEL_DATA = '7fe00010';
const UNKNOWN_LENGTH = 0xffffffff;
const PREAMBLE = 128;
/** Value representations with a length of four bytes behind two that are empty. */
const LONG_VRS = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

/** True for a file with the mark that DICOM files have (PS3.10). */
export const isDicom = (bytes: Uint8Array): boolean =>
  bytes.length > PREAMBLE + 4 && String.fromCharCode(...bytes.subarray(PREAMBLE, PREAMBLE + 4)) === 'DICM';

/**
 * Reads the elements up to the pixels, of as many bytes as there are. Of a file whose data set is deflated or big-endian only
 * the meta information is read. Undefined for what is not DICOM.
 */
export function parseDataSet(bytes: Uint8Array): DicomDataSet | undefined {
  if (!isDicom(bytes)) return undefined;
  const elements = new Map<string, DicomElement>();
  const metaEnd = readElements(bytes, PREAMBLE + 4, true, elements, (tag) => !tag.startsWith('0002'));
  const transferSyntax = textOf({ bytes, elements }, '00020010') ?? IMPLICIT_LITTLE_ENDIAN;
  if (transferSyntax !== DEFLATED && transferSyntax !== EXPLICIT_BIG_ENDIAN) {
    readElements(bytes, metaEnd, transferSyntax !== IMPLICIT_LITTLE_ENDIAN, elements, () => false);
  }
  return { bytes, transferSyntax, elements };
}

/** Reads elements until one that `ends`, the pixels, or the end of the bytes; gives the position where it stopped. */
function readElements(
  bytes: Uint8Array,
  start: number,
  isExplicit: boolean,
  elements: Map<string, DicomElement>,
  ends: (tag: string) => boolean,
): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = start;
  while (at + 8 <= bytes.length) {
    const tag = tagAt(view, at);
    if (ends(tag)) return at;
    const { valueAt, length } = readLength(view, at, isExplicit);
    if (valueAt === undefined) return at;
    elements.set(tag, { offset: valueAt, length });
    if (tag === PIXEL_DATA) return at;
    at = length === UNKNOWN_LENGTH ? skipSequence(view, valueAt, isExplicit) : valueAt + length;
  }
  return at;
}

const tagAt = (view: DataView, at: number): string =>
  (view.getUint16(at, true) * 65536 + view.getUint16(at + 2, true)).toString(16).padStart(8, '0');

/** The length of the element at a position, and where its value begins; that is undefined where the bytes end before. */
function readLength(
  view: DataView,
  at: number,
  isExplicit: boolean,
): { readonly valueAt: number | undefined; readonly length: number } {
  // Items and their ends have no value representation.
  if (!isExplicit || view.getUint16(at, true) === 0xfffe) {
    return { valueAt: at + 8, length: view.getUint32(at + 4, true) };
  }
  const vr = String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5));
  if (!LONG_VRS.has(vr)) return { valueAt: at + 8, length: view.getUint16(at + 6, true) };
  if (at + 12 > view.byteLength) return { valueAt: undefined, length: 0 };
  return { valueAt: at + 12, length: view.getUint32(at + 8, true) };
}

const SEQUENCE_END = 'fffee0dd';
const ITEM = 'fffee000';
const ITEM_END = 'fffee00d';

/** The position behind a sequence of unknown length. */
function skipSequence(view: DataView, start: number, isExplicit: boolean): number {
  let at = start;
  let depth = 1;
  while (at + 8 <= view.byteLength) {
    const tag = tagAt(view, at);
    const { valueAt, length } = readLength(view, at, isExplicit);
    if (valueAt === undefined) return view.byteLength;
    at = valueAt;
    if (tag === SEQUENCE_END) {
      if (--depth === 0) return at;
    } else if (tag === ITEM) at += length === UNKNOWN_LENGTH ? 0 : length;
    else if (tag === ITEM_END) continue;
    else if (length === UNKNOWN_LENGTH) depth++;
    else at += length;
  }
  return view.byteLength;
}

/** The items of a sequence, each a data set of its own; none where it is absent, or no sequence. */
export function itemsOf(
  { bytes, transferSyntax, elements }: DicomDataSet,
  tag: string,
): readonly DicomDataSet[] {
  const sequence = elements.get(tag);
  if (sequence === undefined) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isExplicit = transferSyntax !== IMPLICIT_LITTLE_ENDIAN;
  const end =
    sequence.length === UNKNOWN_LENGTH
      ? bytes.length
      : Math.min(bytes.length, sequence.offset + sequence.length);
  const items: DicomDataSet[] = [];
  let at = sequence.offset;
  while (at + 8 <= end && tagAt(view, at) === ITEM) {
    const length = view.getUint32(at + 4, true);
    const itemEnd = length === UNKNOWN_LENGTH ? end : Math.min(end, at + 8 + length);
    const content = bytes.subarray(0, itemEnd);
    const inside = new Map<string, DicomElement>();
    const stop = readElements(content, at + 8, isExplicit, inside, (found) => found === ITEM_END);
    items.push({ bytes: content, transferSyntax, elements: inside });
    at = length === UNKNOWN_LENGTH ? stop + 8 : itemEnd;
  }
  return items;
}

/** The text of an element without padding; undefined where it is absent or empty. */
export function textOf(
  { bytes, elements }: Pick<DicomDataSet, 'bytes' | 'elements'>,
  tag: string,
): string | undefined {
  const element = elements.get(tag);
  if (element === undefined || element.length > 4096) return undefined;
  const text = String.fromCharCode(...bytes.subarray(element.offset, element.offset + element.length));
  return text.replace(/[\0 ]+$/, '').trim() || undefined;
}

/** The decimal numbers of an element (DS, IS), separated by backslashes; undefined where it is absent or no number. */
export function numbersOf(dataSet: DicomDataSet, tag: string): readonly number[] | undefined {
  const numbers = textOf(dataSet, tag)?.split('\\').map(Number);
  return numbers?.every(Number.isFinite) ? numbers : undefined;
}

/** The binary number of an element (US); undefined where it is absent. */
export function uint16Of({ bytes, elements }: DicomDataSet, tag: string): number | undefined {
  const element = elements.get(tag);
  if (element === undefined || element.length !== 2 || element.offset + 2 > bytes.length) return undefined;
  return bytes[element.offset]! + bytes[element.offset + 1]! * 256;
}
