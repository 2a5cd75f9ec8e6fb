/** A value of a flat YAML file: a scalar as text, null, or a mapping of scalars one level below. */
export type FlatValue = string | null | Readonly<Record<string, string | null>>;

/**
 * Reads the YAML that MLflow's file store writes (PyYAML, block style, keys sorted): scalars at the top level, and mappings of
 * scalars one level below. Numbers stay texts. Lists come out as null: the file store's are empty.
 */
export function parseFlatYaml(text: string): Readonly<Record<string, FlatValue>> {
  const found: Record<string, FlatValue> = {};
  for (const { key, lines } of splitEntries(text.replaceAll('\r\n', '\n').split('\n'), 0)) {
    const [first = '', ...rest] = lines;
    const nested = splitEntries(rest, 2);
    if (first === '' && nested.length > 0)
      found[key] = Object.fromEntries(nested.map((item) => [item.key, readScalar(item.lines)]));
    else found[key] = readScalar(lines);
  }
  return found;
}

/** The texts of the entries that are scalars. */
export function scalarsOf(values: Readonly<Record<string, FlatValue>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

interface Entry {
  readonly key: string;
  /** What follows the colon, and the lines that go on with it. */
  readonly lines: readonly string[];
}

function splitEntries(lines: readonly string[], indent: number): readonly Entry[] {
  const entries: { key: string; lines: string[] }[] = [];
  const margin = ' '.repeat(indent);
  for (const line of lines) {
    const match = line.startsWith(margin)
      ? /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s'"#-][^:]*?):(?: (.*)|)$/.exec(line.slice(indent))
      : null;
    if (match !== null) entries.push({ key: unquote(match[1]!), lines: [match[2] ?? ''] });
    else entries.at(-1)?.lines.push(line);
  }
  return entries;
}

/** PyYAML folds long scalars: each further line is indented, an empty one stands for a line end. */
function readScalar(lines: readonly string[]): string | null {
  const [first = '', ...rest] = lines;
  const folded = rest.filter((line, index) => line !== '' || index < rest.length - 1);
  let text = first;
  let breaks = 0;
  for (const line of folded) {
    if (line.trim() === '') breaks++;
    else {
      const isEscaped = text.startsWith('"') && /(?:^|[^\\])(?:\\\\)*\\$/.test(text);
      const joint = isEscaped ? '' : breaks > 0 ? '\n'.repeat(breaks) : ' ';
      text = `${isEscaped ? text.slice(0, -1) : text}${joint}${line.trimStart()}`;
      breaks = 0;
    }
  }
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === 'null' || trimmed === '~' || /^(?:\[|\{|- )/.test(trimmed)) return null;
  return unquote(trimmed);
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  v: '\v',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

function unquote(text: string): string {
  if (text.startsWith("'") && text.endsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
  if (!text.startsWith('"') || !text.endsWith('"')) return text;
  return text
    .slice(1, -1)
    .replace(
      /\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/gs,
      (_, byte?: string, short?: string, long?: string, char?: string) => {
        const code = byte ?? short ?? long;
        return code === undefined
          ? (ESCAPES[char!] ?? char!)
          : String.fromCodePoint(Number.parseInt(code, 16));
      },
    );
}
