import { isolateHistory, redo, redoDepth, undo, undoDepth } from '@codemirror/commands';
import { EditorSelection, EditorState, type TransactionSpec } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import type { Json } from '../../common/json.ts';
import type { Finding } from '../../common/mmar-edit/check-document.ts';
import { openText, type EditedText } from '../../common/mmar-edit/edit-json.ts';
import { valueOf, type TextRange } from '../../common/mmar-edit/json-tree.ts';
import { diffTexts } from '../../common/mmar-edit/combine-edits.ts';
import type { LanguageContext } from '../../common/mmar-edit/suggestion.ts';
import type { TextEdit } from '../../common/mmar-edit/text-edit.ts';
import { editorExtensions } from './editor-extensions.ts';
import { decodeText, encodeText, type FileForm } from './line-ends.ts';
import { showFindings } from './show-findings.ts';

/** A text as it stands on the disk. */
export interface SavedText {
  /** As the editor holds it. */
  readonly text: string;
  readonly digest: string;
}

/** What another program did to the file since it was opened. */
export type OutsideChange =
  { readonly kind: 'changed'; readonly saved: SavedText } | { readonly kind: 'deleted' };

export interface DocumentSetup {
  readonly path: string;
  /** As read from the disk; null for a file that is not there yet. */
  readonly file: { readonly text: string; readonly digest: string } | null;
  readonly isReadOnly: boolean;
  readonly isJson: boolean;
  readonly language: () => LanguageContext;
  /** Called after every change of the text. */
  readonly onChange: () => void;
}

/**
 * One open file. The text is the truth: the JSON view types into it, the form makes edits of it, and both share one
 * history. A view may be attached to show it; without one the text is edited all the same.
 */
export class EditorDocument {
  readonly path: string;
  readonly isReadOnly: boolean;
  readonly isJson: boolean;
  readonly #onChange: () => void;
  readonly #form: FileForm;
  #state = $state.raw(EditorState.create());
  #saved = $state.raw<SavedText | null>(null);
  #outside = $state.raw<OutsideChange | undefined>(undefined);
  #view: EditorView | undefined;

  readonly text: string = $derived(this.#state.doc.toString());
  /** The text with its tree, for edits. */
  readonly edited: EditedText = $derived(openText(this.text));
  /** The JSON value as far as it can be read. */
  readonly value: Json = $derived.by(() => {
    const { root } = this.edited.tree;
    return root === undefined ? {} : valueOf(root);
  });
  readonly isDirty: boolean = $derived(this.#saved === null || this.text !== this.#saved.text);
  readonly canUndo: boolean = $derived(undoDepth(this.#state) > 0);
  readonly canRedo: boolean = $derived(redoDepth(this.#state) > 0);

  constructor({ path, file, isReadOnly, isJson, language, onChange }: DocumentSetup) {
    this.path = path;
    this.isReadOnly = isReadOnly;
    this.isJson = isJson;
    this.#onChange = onChange;
    const { text, form } = decodeText(file?.text ?? '');
    this.#form = form;
    this.#saved = file === null ? null : { text, digest: file.digest };
    this.#state = EditorState.create({
      doc: text,
      extensions: editorExtensions({
        text,
        label: path,
        isReadOnly,
        language: isJson ? language : undefined,
      }),
    });
  }

  /** What is on the disk as far as this program knows; null for a new file. */
  get saved(): SavedText | null {
    return this.#saved;
  }

  get outside(): OutsideChange | undefined {
    return this.#outside;
  }

  /** The text as it is written to the disk. */
  get encoded(): string {
    return encodeText(this.text, this.#form);
  }

  /** Shows the document in an element until the returned function is called. */
  attach(parent: HTMLElement): () => void {
    const view = new EditorView({
      state: this.#state,
      parent,
      dispatchTransactions: (transactions, shown) => {
        shown.update(transactions);
        this.#adopt(shown.state);
      },
    });
    this.#view = view;
    return () => {
      if (this.#view === view) this.#view = undefined;
      view.destroy();
    };
  }

  /** Makes edits of the text as one step of the history. */
  change(edits: readonly TextEdit[], options: { readonly joins?: boolean } = {}): void {
    if (edits.length === 0 || this.isReadOnly) return;
    const annotations = options.joins === true ? [] : [isolateHistory.of('full')];
    this.dispatch({ changes: edits.map((edit) => ({ ...edit })), annotations, userEvent: 'input.form' });
  }

  /** Replaces the whole text; what stays the same keeps its place. */
  replaceText(text: string): void {
    this.change(diffTexts(this.text, text));
  }

  undo(): void {
    undo({ state: this.#state, dispatch: (transaction) => this.dispatch(transaction) });
  }

  redo(): void {
    redo({ state: this.#state, dispatch: (transaction) => this.dispatch(transaction) });
  }

  /** Selects a piece of the text, and shows it where the document is shown as text. */
  select({ from, to }: TextRange): void {
    const size = this.#state.doc.length;
    const selection = EditorSelection.range(Math.min(from, size), Math.min(to, size));
    this.dispatch({ selection, effects: EditorView.scrollIntoView(selection, { y: 'center' }) });
    this.#view?.focus();
  }

  /** Hands a transaction to the view, or, where there is none, to the state alone. */
  dispatch(transaction: TransactionSpec): void {
    if (this.#view !== undefined) this.#view.dispatch(transaction);
    else this.#adopt(this.#state.update(transaction).state);
  }

  /** Marks findings in the text. They may have been found in an earlier one. */
  mark(findings: readonly Finding[]): void {
    this.dispatch(showFindings(this.#state, findings));
  }

  /** The text was written as {@link encoded} was when `text` was the text. */
  markSaved(saved: SavedText): void {
    this.#saved = saved;
    this.#outside = undefined;
  }

  /** Another program wrote the file. Without changes of its own the document follows it. */
  noticeChanged(file: { readonly text: string; readonly digest: string }): void {
    const saved = { text: decodeText(file.text).text, digest: file.digest };
    if (saved.digest === this.#saved?.digest) {
      this.#outside = undefined;
      return;
    }
    if (saved.text === this.text) this.markSaved(saved);
    else if (!this.isDirty) this.#follow(saved);
    else this.#outside = { kind: 'changed', saved };
  }

  /** Another program deleted the file. */
  noticeDeleted(): void {
    if (this.#saved !== null) this.#outside = { kind: 'deleted' };
  }

  /** The own text was begun from another one than stands on the disk now. */
  noticeOtherBase(): void {
    if (this.#saved !== null) this.#outside = { kind: 'changed', saved: this.#saved };
  }

  /** Goes on with the own text: the next save writes over the other program's. */
  keepMine(): void {
    if (this.#outside === undefined) return;
    this.#saved = this.#outside.kind === 'deleted' ? null : this.#outside.saved;
    this.#outside = undefined;
    this.#onChange();
  }

  /** Takes the other program's text; the own one comes back by undo. */
  takeTheirs(): void {
    if (this.#outside?.kind === 'changed') this.#follow(this.#outside.saved);
  }

  #follow(saved: SavedText): void {
    this.#saved = saved;
    this.#outside = undefined;
    const changes = diffTexts(this.text, saved.text).map((edit) => ({ ...edit }));
    this.dispatch({ changes, annotations: isolateHistory.of('full') });
  }

  #adopt(state: EditorState): void {
    const isChanged = !state.doc.eq(this.#state.doc);
    this.#state = state;
    if (isChanged) this.#onChange();
  }
}
