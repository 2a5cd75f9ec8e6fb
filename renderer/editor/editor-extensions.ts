import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from '@codemirror/language';
import { lintKeymap } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import {
  crosshairCursor,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  rectangularSelection,
} from '@codemirror/view';
import { detectStyle } from '../../common/mmar-edit/text-style.ts';
import type { LanguageContext } from '../../common/mmar-edit/suggestion.ts';
import { codeTheme } from './code-theme.ts';
import { cspNonce } from './csp-nonce.ts';
import { jsonCompletion } from './json-completion.ts';
import { jsonHover } from './json-hover.ts';
import { findingsGutter } from './show-findings.ts';

/** What an editor is made with. */
export interface EditorSetup {
  readonly text: string;
  readonly label: string;
  readonly isReadOnly: boolean;
  /** Of a JSON document; undefined for other text. */
  readonly language: (() => LanguageContext) | undefined;
}

/** Everything that a text is shown and edited with. */
export function editorExtensions({ text, label, isReadOnly, language }: EditorSetup): Extension {
  return [
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    EditorState.allowMultipleSelections.of(true),
    // Line ends of any other kind are characters of the text: what is not edited stays as it is.
    EditorState.lineSeparator.of('\n'),
    EditorState.readOnly.of(isReadOnly),
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    EditorView.cspNonce.of(cspNonce()),
    indentUnit.of(detectStyle(text).unit),
    rectangularSelection(),
    crosshairCursor(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    search({ top: true }),
    codeTheme,
    language === undefined ? EditorView.lineWrapping : jsonExtensions(language),
    keymap.of([
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...searchKeymap,
      ...foldKeymap,
      ...lintKeymap,
      ...historyKeymap,
      ...defaultKeymap,
      indentWithTab,
    ]),
  ];
}

function jsonExtensions(language: () => LanguageContext): Extension {
  return [
    json(),
    foldGutter(),
    findingsGutter,
    bracketMatching(),
    closeBrackets(),
    indentOnInput(),
    jsonCompletion(language),
    jsonHover(language),
  ];
}
