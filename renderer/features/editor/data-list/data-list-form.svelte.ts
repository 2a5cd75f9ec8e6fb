import type { FoundCase } from '../../../../common/api/data-list.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../../common/json.ts';
import {
  addCases,
  moveCases,
  removeCases,
  setCaseFile,
} from '../../../../common/mmar-edit/data-list-edit.ts';
import {
  outlineDataList,
  type CaseRef,
  type ListedCase,
  type ListedSection,
} from '../../../../common/mmar-edit/outline-data-list.ts';
import type { TextEdit } from '../../../../common/mmar-edit/text-edit.ts';
import { keysByUse } from '../../../../common/mmar/data-list-use.ts';
import type { EditorDocument } from '../../../editor/editor-document.svelte.ts';
import type { Editor } from '../editor.svelte.ts';
import type { OpenFile } from '../open-file.svelte.ts';
import { describeCase, isProblem, type CaseRow } from './case-row.ts';
import { FileInspector } from './file-inspector.svelte.ts';

/** A section with what is known of its files. */
export interface SectionSummary extends ListedSection {
  readonly problems: number;
}

const NO_ROWS: ReadonlySet<string> = new Set();

/** A data list as a form: its cases by section, how their files stand, and the edits of its text. */
export class DataListForm {
  readonly editor: Editor;
  readonly file: OpenFile;
  readonly inspector: FileInspector;
  /** The section that is shown; undefined for all of them. */
  shown = $state<string | undefined>(undefined);
  query = $state('');
  onlyProblems = $state(false);
  /** Id of the case whose files are shown below the table. */
  active = $state<string | undefined>(undefined);
  #selected = $state.raw({ ids: NO_ROWS, shape: '' });

  readonly list: JsonObject = $derived.by(() => {
    const { value } = this.document;
    return isJsonObject(value) ? value : {};
  });
  readonly outline: readonly ListedSection[] = $derived.by(() =>
    outlineDataList(this.list, this.editor.files.environment),
  );
  /** Changes when ids mean other cases: by an edit here, in the text, or by undo. */
  readonly #shape: string = $derived(this.outline.map(({ key, cases }) => `${key} ${cases.length}`).join());
  readonly cases: readonly ListedCase[] = $derived(this.outline.flatMap(({ cases }) => cases));
  readonly #repeated: ReadonlySet<string> = $derived(findRepeated(this.cases));
  readonly rows: readonly CaseRow[] = $derived.by(() => {
    const { known } = this.inspector;
    return this.cases.map((item) => describeCase(item, known, this.#repeated.has(item.image.join('\n'))));
  });
  readonly sections: readonly SectionSummary[] = $derived.by(() => {
    const problems = new Map<string, number>();
    for (const { item, state } of this.rows)
      if (isProblem(state)) problems.set(item.key, (problems.get(item.key) ?? 0) + 1);
    return this.outline.map((section) => ({ ...section, problems: problems.get(section.key) ?? 0 }));
  });
  /** The rows that section, search and the switch for problems leave. */
  readonly found: readonly CaseRow[] = $derived.by(() => {
    const words = this.query.toLowerCase().split(/\s+/).filter(Boolean);
    return this.rows.filter(
      (row) =>
        (this.shown === undefined || row.item.key === this.shown) &&
        (!this.onlyProblems || isProblem(row.state)) &&
        words.every((word) => textOf(row).includes(word)),
    );
  });
  readonly activeRow: CaseRow | undefined = $derived(this.rows.find(({ item }) => item.id === this.active));
  /** The cases that an action is about: those that are chosen, or the active one. */
  readonly chosen: readonly ListedCase[] = $derived.by(() => {
    if (this.selection.size > 0) return this.cases.filter(({ id }) => this.selection.has(id));
    return this.activeRow === undefined ? [] : [this.activeRow.item];
  });

  constructor(file: OpenFile, editor: Editor) {
    this.file = file;
    this.editor = editor;
    this.inspector = new FileInspector(editor.api, editor.mmar);
  }

  /** Ids of the chosen cases. */
  get selection(): ReadonlySet<string> {
    return this.#selected.shape === this.#shape ? this.#selected.ids : NO_ROWS;
  }

  set selection(ids: ReadonlySet<string>) {
    this.#selected = { ids, shape: this.#shape };
  }

  get document(): EditorDocument {
    return this.file.document;
  }

  /** The folder that paths of the list start from, as the environment writes it. */
  get root(): string {
    const { DATA_ROOT: root, DATASET_JSON: list } = this.editor.files.environment;
    if (typeof root === 'string' && root !== '') return root;
    return typeof list === 'string' ? list.split('/').slice(0, -1).join('/') || '.' : '.';
  }

  get keys(): { readonly training: string; readonly validation: string; readonly test: string } {
    const { train, validate, infer } = keysByUse(this.editor.files.environment);
    return { training: train, validation: validate, test: infer };
  }

  /** Looks at the files that nothing is known of, those of the shown section first. */
  look(): void {
    const first = this.cases.filter(({ key }) => key === this.shown);
    const paths = [...first, ...this.cases].flatMap(({ files }) => files.map(({ path }) => path));
    this.inspector.look(this.root, paths);
  }

  lookAgain(): void {
    this.inspector.forget();
    this.look();
  }

  add(key: string, cases: readonly FoundCase[]): void {
    const before = this.outline.find((section) => section.key === key)?.cases.length ?? 0;
    this.#change(addCases(this.document.edited, key, cases as readonly Json[]));
    this.shown = key;
    this.selection = new Set(cases.map((_, index) => `${key}/${before + index}`));
  }

  remove(cases: readonly CaseRef[]): void {
    this.#change(removeCases(this.document.edited, cases));
  }

  moveTo(key: string, cases: readonly CaseRef[]): void {
    const moved = cases.filter((item) => item.key !== key).length;
    const before = this.outline.find((section) => section.key === key)?.cases.length ?? 0;
    this.#change(moveCases(this.document.edited, cases, key));
    this.selection = new Set(Array.from({ length: moved }, (_, index) => `${key}/${before + index}`));
  }

  /** Gives a case another file; joins the step of the history while it is typed. */
  setFile(ref: CaseRef, field: string, path: string, channel?: number): void {
    const edits = setCaseFile(this.document.edited, ref, field, path, channel);
    this.document.change(edits, { joins: true });
  }

  showText({ key, index }: CaseRef): void {
    this.editor.setMode('text');
    void this.editor.show(this.file.path, [key, index]);
  }

  /** Where the case stands in the list as it is saved, whose pictures can be shown. */
  savedPlaceOf({ image }: ListedCase): { readonly list: string; readonly index: number } | undefined {
    const name = image.join('\n');
    const found = this.#savedCases.get(name);
    return found === undefined ? undefined : { list: found.key, index: found.index };
  }

  readonly #savedCases: ReadonlyMap<string, CaseRef> = $derived.by(() => {
    const { saved, text } = this.document;
    const cases = saved?.text === text ? this.cases : savedCases(saved?.text, this.editor.files.environment);
    return new Map(cases.map((item) => [item.image.join('\n'), item]));
  });

  /** Places mean other cases after a change. */
  #change(edits: readonly TextEdit[]): void {
    this.document.change(edits);
    this.selection = NO_ROWS;
    this.active = undefined;
  }
}

function savedCases(text: string | undefined, environment: JsonObject): readonly ListedCase[] {
  try {
    const list = JSON.parse(text ?? '{}') as Json;
    return outlineDataList(list, environment).flatMap(({ cases }) => cases);
  } catch {
    return [];
  }
}

function findRepeated(cases: readonly ListedCase[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { image } of cases) {
    const name = image.join('\n');
    if (name !== '' && seen.has(name)) repeated.add(name);
    seen.add(name);
  }
  return repeated;
}

const textOf = ({ image, label, item }: CaseRow): string => `${image} ${label} ${item.key}`.toLowerCase();
