import type { Extension } from '@codemirror/state';
import { hoverTooltip } from '@codemirror/view';
import { explain, type Explanation } from '../../common/mmar-edit/explain.ts';
import { placeAt } from '../../common/mmar-edit/find-node.ts';
import { readJsonTree } from '../../common/mmar-edit/read-json-tree.ts';
import type { LanguageContext } from '../../common/mmar-edit/suggestion.ts';

/** Says under the pointer what a key or a value means. */
export function jsonHover(language: () => LanguageContext): Extension {
  return hoverTooltip((view, pos) => {
    const place = placeAt(readJsonTree(view.state.doc.toString()), pos);
    const range = place.key?.keyRange ?? place.node;
    if (range === undefined || (place.key === undefined && place.node?.kind !== 'scalar')) return null;
    if (pos < range.from || pos > range.to) return null;
    const explanation = explain(place, language());
    if (explanation === undefined) return null;
    return {
      pos: range.from,
      end: range.to,
      above: true,
      create: () => ({ dom: render(explanation) }),
    };
  });
}

function render({ title, text, source, allowed, default: fallback, resolved }: Explanation): HTMLElement {
  const dom = document.createElement('div');
  dom.className = 'cm-explanation';
  add(dom, 'strong', title);
  if (text !== '') add(dom, 'p', `${text.charAt(0).toUpperCase()}${text.slice(1)}.`.replace(/\.\.$/, '.'));
  if (resolved !== undefined) addFact(dom, 'Now', JSON.stringify(resolved));
  if (allowed !== undefined) addFact(dom, 'Allowed', allowed);
  if (fallback !== undefined) addFact(dom, 'Default', JSON.stringify(fallback));
  if (source !== undefined) addFact(dom, 'Source', source);
  return dom;
}

function addFact(dom: HTMLElement, name: string, value: string): void {
  const line = add(dom, 'p', '');
  add(line, 'span', `${name} `).className = 'name';
  add(line, 'span', value).className = 'value';
}

function add(dom: HTMLElement, tag: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  dom.append(element);
  return element;
}
