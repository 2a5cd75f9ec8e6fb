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
const BEFORE = '(?:^|[\\s"\'`=(,;:\\[{|])';

const RULES: readonly Rule[] = [
  { says: 'an absolute path', pattern: new RegExp(`${BEFORE}/[A-Za-z_.]`) },
  { says: 'an absolute path', pattern: new RegExp(`${BEFORE}~[\\w-]*/`) },
  { says: 'an absolute path', pattern: /(?:^|[^A-Za-z])[A-Za-z]:[\\/]/ },
  { says: 'an absolute path', pattern: /\\\\[\w.-]+\\|file:\/\//i },
  { says: 'an address', pattern: /\b[a-z][a-z0-9+.-]*:\/\//i },
  { says: 'an e-mail address', pattern: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/ },
  { says: 'the name of an image file', pattern: /[\w)]\.(?:nii(?:\.gz)?|dcm|dicom|nrrd|mh[ad])\b/i },
  { says: 'a DICOM UID', pattern: /(?<![\d.])[0-2](?:\.\d+){5,}/ },
  { says: "a person's name", pattern: /\p{L}{2,}\^[\p{L}^]/u },
  { says: "a person's name", pattern: /\b(?:Dr|Prof|Mr|Mrs|Ms|Herr|Frau)\.? \p{Lu}\p{Ll}+/u },
  { says: "a person's name", pattern: /(?<![\p{L}\d_])\p{Lu}\p{Ll}+,? \p{Lu}\p{Ll}+(?![\p{L}\d_])/u },
  {
    says: 'a date',
    pattern: /(?<!\d)(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])(?!\d)/,
  },
  {
    says: 'a date',
    pattern: /(?<!\d)(?:0?[1-9]|[12]\d|3[01])[-./](?:0?[1-9]|1[0-2])[-./](?:19|20)\d\d(?!\d)/,
  },
  { says: 'a date', pattern: /(?<![\w.])(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![\w.])/ },
  { says: 'a long number, as patients and studies have', pattern: /(?<![\w.])\d{7,}(?![\w.])/ },
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

function containsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const isBounded = (char: string | undefined): boolean => char === undefined || !/[\p{L}\d_]/u.test(char);
    if (isBounded(text[at - 1]) && isBounded(text[at + word.length])) return true;
  }
  return false;
}
