import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** The look of code, from the variables of tokens.css: it follows the theme by itself. */
const theme = EditorView.theme({
  '&': {
    height: '100%',
    color: 'var(--color-text)',
    backgroundColor: 'var(--color-bg)',
    fontSize: 'var(--text-sm)',
  },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.55', overflow: 'auto' },
  '.cm-content': { padding: 'var(--space-2) 0', caretColor: 'var(--color-accent)' },
  '.cm-cursor': { borderLeftColor: 'var(--color-accent)', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--color-accent) 30%, transparent)',
  },
  '.cm-gutters': {
    backgroundColor: 'var(--color-bg)',
    color: 'var(--color-text-faint)',
    border: 'none',
    fontSize: 'var(--text-xs)',
  },
  '.cm-activeLine': { backgroundColor: 'var(--color-hover)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--color-hover)', color: 'var(--color-text)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--color-selected)',
    outline: '1px solid var(--color-accent)',
  },
  '.cm-foldPlaceholder': {
    background: 'var(--color-control)',
    border: 'none',
    color: 'var(--color-text-muted)',
    padding: '0 var(--space-1)',
  },
  '.cm-searchMatch': { backgroundColor: 'var(--color-warn-soft)', outline: '1px solid var(--color-warn)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--color-selected)' },
  '.cm-panels': {
    backgroundColor: 'var(--color-surface)',
    color: 'var(--color-text)',
    borderColor: 'var(--color-border)',
  },
  '.cm-panel.cm-search': {
    padding: 'var(--space-2) var(--space-3)',
    fontFamily: 'var(--font-sans)',
    fontSize: 'var(--text-xs)',
  },
  '.cm-panel.cm-search label': { fontSize: 'var(--text-xs)', color: 'var(--color-text-muted)' },
  '.cm-panel.cm-search [name=close]': {
    color: 'var(--color-text)',
    fontSize: 'var(--text-lg)',
    cursor: 'pointer',
  },
  '.cm-textfield': {
    backgroundColor: 'var(--color-bg)',
    color: 'var(--color-text)',
    border: '1px solid var(--color-border-strong)',
    borderRadius: 'var(--radius-sm)',
    fontSize: 'var(--text-xs)',
  },
  '.cm-button': {
    background: 'var(--color-control)',
    color: 'var(--color-text)',
    border: '1px solid var(--color-border)',
    borderRadius: 'var(--radius-sm)',
    fontSize: 'var(--text-xs)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--color-overlay)',
    color: 'var(--color-text)',
    border: '1px solid var(--color-border)',
    borderRadius: 'var(--radius)',
    boxShadow: 'var(--shadow)',
    fontFamily: 'var(--font-sans)',
    fontSize: 'var(--text-xs)',
    maxWidth: '30rem',
  },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono)', maxHeight: '18rem' },
  '.cm-tooltip-autocomplete > ul > li': { padding: 'var(--space-05) var(--space-2)' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--color-accent)',
    color: 'var(--color-on-accent)',
  },
  '.cm-completionDetail': {
    color: 'var(--color-text-faint)',
    fontStyle: 'normal',
    marginLeft: 'var(--space-2)',
  },
  'li[aria-selected] > .cm-completionDetail': { color: 'inherit' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionInfo': { padding: 'var(--space-2)', maxWidth: '22rem' },
  '.cm-explanation': { padding: 'var(--space-2) var(--space-3)', lineHeight: 'var(--leading)' },
  '.cm-explanation strong': { fontFamily: 'var(--font-mono)' },
  '.cm-explanation .name': { color: 'var(--color-text-faint)' },
  '.cm-explanation .value': { fontFamily: 'var(--font-mono)', overflowWrap: 'anywhere' },
  '.cm-diagnostic': { padding: 'var(--space-2) var(--space-3)', borderLeftWidth: '3px' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--color-error)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--color-warn)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--color-error)',
    textUnderlineOffset: '3px',
  },
  '.cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--color-warn)',
    textUnderlineOffset: '3px',
  },
  '.cm-changedLine': { backgroundColor: 'var(--color-ok-soft)' },
  '.cm-merge-a .cm-changedLine, .cm-deletedChunk': { backgroundColor: 'var(--color-error-soft)' },
  '.cm-changedText': { background: 'color-mix(in srgb, var(--color-ok) 30%, transparent)' },
  '.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': {
    background: 'color-mix(in srgb, var(--color-error) 32%, transparent)',
  },
  '.cm-changeGutter': { width: '3px', paddingLeft: '1px' },
  '.cm-collapsedLines::before, .cm-collapsedLines::after': { content: 'none' },
  '.cm-collapsedLines': {
    background: 'var(--color-surface)',
    color: 'var(--color-text-muted)',
    fontFamily: 'var(--font-sans)',
    fontSize: 'var(--text-xs)',
  },
});

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--syntax-key)' },
  { tag: tags.string, color: 'var(--syntax-string)' },
  { tag: tags.number, color: 'var(--syntax-number)' },
  { tag: [tags.bool, tags.null, tags.keyword], color: 'var(--syntax-keyword)' },
  { tag: tags.comment, color: 'var(--syntax-comment)' },
  { tag: [tags.punctuation, tags.separator, tags.bracket], color: 'var(--syntax-punctuation)' },
]);

export const codeTheme: Extension = [theme, syntaxHighlighting(colours)];
