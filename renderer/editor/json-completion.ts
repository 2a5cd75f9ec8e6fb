import {
  autocompletion,
  snippetCompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import { placeAt } from '../../common/mmar-edit/find-node.ts';
import { suggest } from '../../common/mmar-edit/suggest.ts';
import type { LanguageContext, Suggestion } from '../../common/mmar-edit/suggestion.ts';
import { readJsonTree } from '../../common/mmar-edit/read-json-tree.ts';
import { formatValue, indentAt, detectStyle, type TextStyle } from '../../common/mmar-edit/text-style.ts';

/** Offers keys and values as the schemas and the catalogue know them. */
export function jsonCompletion(language: () => LanguageContext): Extension {
  return autocompletion({
    override: [(context) => complete(context, language())],
    activateOnTyping: true,
    icons: false,
  });
}

function complete(context: CompletionContext, language: LanguageContext): CompletionResult | null {
  const text = context.state.doc.toString();
  const word = context.matchBefore(/"[^"\n]*|[\w.@{#-]+/);
  if (word === null && !context.explicit) return null;
  const from = word?.from ?? context.pos;
  const tree = readJsonTree(text);
  const place = placeAt(tree, context.pos);
  const suggestions = suggest(place, language);
  if (suggestions.length === 0) return null;
  const style = detectStyle(text);
  const indent = indentAt(text, from);
  const to = endOfWord(text, context.pos);
  const hasColon = /^\s*:/.test(text.slice(to));
  const render = (suggestion: Suggestion): Completion => toCompletion(suggestion, style, indent, hasColon);
  const options = rankSuggestions(suggestions, text.slice(from, context.pos)).map(render);
  return options.length === 0 ? null : { from, to, options, filter: false };
}

/** Those that hold what was typed, the ones that begin with it first. The quote before it belongs to no label. */
function rankSuggestions(suggestions: readonly Suggestion[], typed: string): readonly Suggestion[] {
  const query = typed.replace(/^"/, '').toLowerCase();
  const at = ({ label }: Suggestion): number => label.toLowerCase().indexOf(query);
  return suggestions
    .filter((suggestion) => at(suggestion) >= 0)
    .toSorted((a, b) => Math.sign(at(a)) - Math.sign(at(b)));
}

/** A string that is already closed is replaced with its quote. */
function endOfWord(text: string, pos: number): number {
  const rest = /^[^"\n,:{}[\]]*"/.exec(text.slice(pos))?.[0];
  const isInString =
    (text.slice(text.lastIndexOf('\n', pos - 1) + 1, pos).match(/"/g) ?? []).length % 2 === 1;
  return rest !== undefined && isInString ? pos + rest.length : pos;
}

function toCompletion(
  { label, insert, type, detail, documentation }: Suggestion,
  style: TextStyle,
  indent: string,
  hasColon: boolean,
): Completion {
  const completion = {
    label,
    type,
    ...(detail === undefined ? {} : { detail: detail.length > 40 ? `${detail.slice(0, 39)}…` : detail }),
    ...(documentation === undefined ? {} : { info: documentation }),
  };
  if (!('key' in insert)) return { ...completion, apply: formatValue(insert.value, style, indent) };
  const key = JSON.stringify(insert.key);
  if (hasColon) return { ...completion, apply: key };
  const value = insert.value === undefined ? '' : formatValue(insert.value, style, indent);
  return snippetCompletion(`${escapeSnippet(key)}: \${${escapeSnippet(value)}}`, completion);
}

const escapeSnippet = (text: string): string => text.replace(/[\\{}$#]/g, (character) => `\\${character}`);
