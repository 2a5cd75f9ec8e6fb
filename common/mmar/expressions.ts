import type { Fault } from '../fault.ts';

/**
 * The Python expressions that Clara's configs contain, as data.
 *
 * - `model-parameters`: `#@model.parameters()`
 * - `from-engine`: `#monai.handlers.from_engine(['pred', 'label'])`, also with one key and with `first=True`: the
 *   values of the keys out of a list of per-item dictionaries, `first` for those of the first item alone
 * - `pick`: `lambda x: x['loss']` or, as a tuple, `lambda x: (x['pred'], x['label'])`
 * - `nothing`: `lambda x: None`
 *
 * Source: the configs of Clara Train 4.0 and 4.1; `from_engine` is monai.handlers.from_engine (0.8.1).
 */
export type Expression =
  | { readonly form: 'model-parameters'; readonly model: string }
  | { readonly form: 'from-engine'; readonly keys: readonly string[]; readonly first: boolean }
  | { readonly form: 'pick'; readonly keys: readonly string[]; readonly tuple: boolean }
  | { readonly form: 'nothing' };

/** What a config may write, for messages and documentation. */
export const SUPPORTED_EXPRESSIONS: readonly string[] = [
  '#@model.parameters()',
  "#monai.handlers.from_engine(['pred', 'label'])",
  "#monai.handlers.from_engine(['loss'], first=True)",
  "#monai.handlers.from_engine(['image_meta_dict'])",
  'lambda x: None',
  "lambda x: (x['pred'], x['label'])",
  "lambda x: x['loss']",
  "lambda x: x['image_meta_dict']",
];

/** True for a string that Clara would evaluate as Python, and that variables are therefore not substituted in. */
export function looksLikeExpression(text: string): boolean {
  return text.startsWith('#') || /^lambda\b/.test(text);
}

/** Recognises an expression by its form, with any names of keys; the fault lists what is supported. */
export function parseExpression(text: string): Expression | Pick<Fault, 'code' | 'message' | 'allowed'> {
  return (
    parseModelParameters(text) ??
    parseFromEngine(text) ??
    parseLambda(text) ?? {
      code: 'unsupported-expression',
      message: `The Python expression ${JSON.stringify(text)} is not supported (expressions are recognised, never run).`,
      allowed: `${SUPPORTED_EXPRESSIONS.join(' or ')} (with any key names)`,
    }
  );
}

function parseModelParameters(text: string): Expression | undefined {
  const match = /^#\s*@(\w+)\s*\.\s*parameters\s*\(\s*\)\s*$/.exec(text);
  return match === null ? undefined : { form: 'model-parameters', model: match[1]! };
}

function parseFromEngine(text: string): Expression | undefined {
  const call =
    /^#\s*monai\.handlers\.from_engine\s*\(\s*(\[[^\]]*\]|'[^']*'|"[^"]*")\s*(?:,\s*first\s*=\s*(True|False)\s*)?\)\s*$/.exec(
      text,
    );
  if (call === null) return undefined;
  const keys = parseKeyList(call[1]!);
  return keys === undefined ? undefined : { form: 'from-engine', keys, first: call[2] === 'True' };
}

function parseKeyList(text: string): readonly string[] | undefined {
  const items = text
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map((item) => /^\s*(?:'([^']+)'|"([^"]+)")\s*$/.exec(item));
  const keys = items.map((match) => match?.[1] ?? match?.[2]);
  return keys.every((key) => key !== undefined) ? keys : undefined;
}

function parseLambda(text: string): Expression | undefined {
  const match = /^lambda\s+(\w+)\s*:\s*(.*?)\s*$/.exec(text);
  if (match === null) return undefined;
  const [, argument, body] = match as unknown as [string, string, string];
  if (body === 'None') return { form: 'nothing' };
  const tuple = /^\((.*)\)$/.exec(body);
  const picks = (tuple?.[1] ?? body).split(',').map((item) => parsePick(item, argument));
  if (!picks.every((key) => key !== undefined)) return undefined;
  if (tuple === null) return picks.length === 1 ? { form: 'pick', keys: picks, tuple: false } : undefined;
  return picks.length > 1 ? { form: 'pick', keys: picks, tuple: true } : undefined;
}

function parsePick(text: string, argument: string): string | undefined {
  const match = /^\s*(\w+)\s*\[\s*(?:'([^']+)'|"([^"]+)")\s*\]\s*$/.exec(text);
  return match === null || match[1] !== argument ? undefined : (match[2] ?? match[3]);
}
