/** What a `models:/...` URI names: a logged model, or a registered one by version, stage, alias or its newest. */
export interface ModelUri {
  readonly modelId?: string;
  readonly name: string;
  readonly version?: string;
  readonly stage?: string;
  readonly alias?: string;
}

/** Reads a `models:/...` URI; undefined for anything else. */
export function parseModelUri(uri: string): ModelUri | undefined {
  const match = /^models:\/+([^/]*)(?:\/([^/]*))?$/.exec(uri);
  const [, first = '', second] = match ?? [];
  if (first.trim() === '' || second?.trim() === '') return undefined;
  if (second !== undefined) {
    if (/^\d+$/.test(second)) return { name: first, version: second };
    return second.toLowerCase() === 'latest' ? { name: first } : { name: first, stage: second };
  }
  const at = first.lastIndexOf('@');
  if (at < 0) return { name: '', modelId: first };
  return at === first.length - 1 ? undefined : { name: first.slice(0, at), alias: first.slice(at + 1) };
}
