/** What a text must not name: people and things of this machine. */
export interface LocalNames {
  /** Names of users, of this computer; compared as whole words. */
  readonly names: readonly string[];
}

interface Rule {
  readonly says: string;
  readonly pattern: RegExp;
}

/** Separators that a path can stand behind. */
const BEFORE = '(?:^|[\\s"\'`=(,;:\\[{|<>!?&]|(?:^|\\s)-[A-Za-z])';
/** Numbers stand by themselves, but for `_` around them; they are no part of a decimal or of a digest. */
const [NUMBER_BEGINS, NUMBER_ENDS] = ['(?<![A-Za-z\\d])(?<!\\d\\.)', '(?![A-Za-z\\d]|\\.\\d)'];
const YEAR = '(?:19|20)\\d\\d';
const MONTH =
  '(?:jan(?:uary?)?|feb(?:ruary?)?|m[aä]r(?:ch|z)?|apr(?:il)?|ma[iy]|jun[ei]?|jul[iy]?|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)\\.?';

const RULES: readonly Rule[] = [
  { says: 'an absolute path', pattern: new RegExp(`${BEFORE}/(?:[A-Za-z_.]|\\d[\\w.-]*/)`) },
  { says: 'an absolute path', pattern: new RegExp(`${BEFORE}~[\\w-]*/`) },
  { says: 'an absolute path', pattern: /(?:^|[^A-Za-z])[A-Za-z]:[\\/]/ },
  { says: 'an absolute path', pattern: /\\\\[\w.-]+\\|file:\/\//i },
  { says: 'a path that leads out of the MMAR', pattern: /(?<![\w.])\.\.[\\/][\w.]/ },
  { says: 'an address', pattern: /\b[a-z][a-z0-9+.-]*:\/\//i },
  { says: 'an e-mail address', pattern: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/ },
  { says: 'the name of an image file', pattern: /[\w)]\.(?:nii(?:\.gz)?|dcm|dicom|nrrd|mh[ad])\b/i },
  { says: 'a DICOM UID', pattern: /(?<![\d.])[0-2](?:\.\d+){5,}/ },
  { says: "a person's name", pattern: /\p{L}{2,}\^[\p{L}^]/u },
  { says: "a person's name", pattern: /\b(?:Dr|Prof|Mr|Mrs|Ms|Herr|Frau)\.? \p{Lu}\p{Ll}+/u },
  { says: "a person's name", pattern: /(?<![\p{L}\d_])\p{Lu}\p{Ll}+(?:,? |_)\p{Lu}\p{Ll}+(?![\p{L}\d_])/u },
  {
    says: 'a date',
    pattern: /(?<!\d)(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])(?!\d)/,
  },
  {
    says: 'a date',
    pattern: /(?<!\d)(?:0?[1-9]|[12]\d|3[01])[-./](?:0?[1-9]|1[0-2])[-./](?:19|20)\d\d(?!\d)/,
  },
  {
    says: 'a date',
    pattern: new RegExp(
      `${NUMBER_BEGINS}${YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])(?:T?\\d{4,6})?${NUMBER_ENDS}`,
    ),
  },
  { says: 'a date', pattern: new RegExp(`(?<!\\d)\\d{1,2}\\.?[- ]${MONTH},?[- ]${YEAR}(?!\\d)`, 'iu') },
  { says: 'a date', pattern: new RegExp(`(?<!\\p{L})${MONTH} \\d{1,2},? ${YEAR}(?!\\d)`, 'iu') },
  {
    says: 'a long number, as patients and studies have',
    pattern: new RegExp(`${NUMBER_BEGINS}\\d{7,}${NUMBER_ENDS}`),
  },
  {
    says: 'a long number, as patients and studies have',
    pattern: /(?<![A-Za-z\d])[A-Z]{1,5}\d{6,}(?![A-Za-z\d])/,
  },
  {
    says: 'a DICOM attribute',
    pattern:
      /patient|physician|accession|birth|institution|operators?_?name|(?:study|series|acquisition|content)_?(?:date|time|id\b|instance)|station_?name|device_?serial|\([0-9a-f]{4},\s?[0-9a-f]{4}\)/i,
  },
];

/**
 * Why a text may not leave this machine; undefined for one in which nothing is found. Rather too careful than not: what looks
 * like a name, a date or an identifier counts as one.
 */
export function findConcern(text: string, { names }: LocalNames): string | undefined {
  const rule = RULES.find(({ pattern }) => pattern.test(text));
  if (rule !== undefined) return rule.says;
  const lower = text.toLowerCase();
  const isNamed = names.some((name) => name.length > 1 && containsWord(lower, name.toLowerCase()));
  return isNamed ? 'the name of a user or of this computer' : undefined;
}

/** What no weights hold by chance, and what traces and file names in models begin or end with. */
const MODEL_MARKS = [
  ...['/home/', '/Users/', '/root/', '/mnt/', '/media/', '/srv/', '/opt/', '/usr/', '/tmp/', '/var/'],
  ...[':\\Users\\', 'file://', '.py", line', 'site-packages', '.nii.gz', 'PatientName', 'PatientID'],
];
const SHORTEST_NAME = 5;
/** Bytes of a part that may be the beginning of a mark. */
const OVERLAP_BYTES = 256;

/**
 * Why a model may not leave this machine. Exporters keep where a network was written: as traces in the names, texts and
 * metadata of its nodes. Only marks that bytes do not form by chance are looked for.
 */
export async function findModelConcern(
  parts: AsyncIterable<Uint8Array>,
  { names }: LocalNames,
): Promise<string | undefined> {
  const marks = MODEL_MARKS.map((mark) => ({ mark, says: 'a model that names places of this machine' }));
  const people = names
    .filter((name) => name.length >= SHORTEST_NAME)
    .map((mark) => ({ mark, says: 'the name of a user or of this computer' }));
  let rest: Uint8Array = new Uint8Array();
  for await (const part of parts) {
    const bytes = Buffer.concat([rest, part]);
    const found = [...marks, ...people].find(({ mark }) => bytes.includes(mark));
    if (found !== undefined) return found.says;
    rest = bytes.subarray(-OVERLAP_BYTES);
  }
  return undefined;
}

function containsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const isBounded = (char: string | undefined): boolean => char === undefined || !/[\p{L}\d]/u.test(char);
    if (isBounded(text[at - 1]) && isBounded(text[at + word.length])) return true;
  }
  return false;
}
