import type { ComponentSpec } from '../../../common/components/component-spec.ts';
import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../../../common/json.ts';
import type { Finding } from '../../../common/mmar-edit/check-document.ts';
import { moveItem, removeValue } from '../../../common/mmar-edit/edit-json.ts';
import { findNode } from '../../../common/mmar-edit/find-node.ts';
import {
  addComponent,
  chooseAlternative,
  duplicateComponent,
  removeComponent,
  setDisabled,
  setKey,
} from '../../../common/mmar-edit/form-edit.ts';
import { makeComponent } from '../../../common/mmar-edit/make-component.ts';
import {
  outlineAutomlConfig,
  outlineEvaluationConfig,
  outlineTrainConfig,
  type ComponentCard,
  type SectionOutline,
  type SlotOutline,
} from '../../../common/mmar-edit/outline-config.ts';
import { searchAlternatives } from '../../../common/mmar-edit/search-alternatives.ts';
import { addSearch, changeItem, proposeItem, removeSearch } from '../../../common/mmar-edit/search-edit.ts';
import { type SearchOfArgument } from '../../../common/mmar-edit/search-names.ts';
import {
  outlineSearch,
  type SearchEntry,
  type SearchOutline,
} from '../../../common/mmar-edit/search-outline.ts';
import { aliasesOf, referencesTo } from '../../../common/mmar-edit/config-names.ts';
import type { Control } from '../../../common/mmar-edit/argument-control.ts';
import type { Variables } from '../../../common/mmar/variables.ts';
import type { EditorDocument } from '../../editor/editor-document.svelte.ts';
import type { Editor } from './editor.svelte.ts';
import { ExpandedPaths } from './expanded-paths.svelte.ts';
import { keepSame, keepSameOutline } from './keep-same.ts';
import type { OpenFile } from './open-file.svelte.ts';

const startsWith = (path: JsonPath, start: JsonPath): boolean =>
  start.every((step, depth) => path[depth] === step);

/** The domain that a search of a component belongs to by its kind: a label, nothing depends on it. */
const DOMAINS: Readonly<Record<string, string>> = {
  transform: 'transform',
  network: 'net',
  loss: 'net',
  optimizer: 'lr',
  lr_scheduler: 'lr',
};

const flatten = (entries: readonly SearchEntry[]): readonly SearchEntry[] =>
  entries.flatMap((entry) => [entry, ...flatten(entry.children)]);

/** A config as a form: what it holds, and the edits of its text that the form makes. */
export class ConfigForm {
  readonly file: OpenFile;
  readonly #editor: Editor;
  /** The cards that are open. */
  readonly expanded = new ExpandedPaths();

  readonly config: JsonObject = $derived.by(() => {
    const { value } = this.document;
    return isJsonObject(value) ? value : {};
  });
  readonly variables: Variables = $derived.by(() => this.#editor.files.variables);
  readonly #keepOutline = keepSameOutline();
  readonly #keepAliases = keepSame<readonly string[]>();
  readonly #keepReferences = keepSame<readonly string[]>();
  readonly sections: readonly SectionOutline[] = $derived.by(() => this.#keepOutline(this.#outline()));
  readonly #keepSearch = keepSame<SearchOutline>();
  /** What is searched, as of the last check of the text. */
  readonly search: SearchOutline = $derived.by(() =>
    this.#keepSearch(
      outlineSearch(isJsonObject(this.file.checked) ? this.file.checked : {}, {
        file: this.file.path,
        environment: this.#editor.files.environment,
        trainsHere: this.#editor.files.trainsHere,
      }),
    ),
  );
  /** The items of the search, those of the tree's branches included. */
  readonly searchEntries: readonly SearchEntry[] = $derived(flatten(this.search.entries));
  /** Names that a search publishes, for `apply`. */
  readonly aliases: readonly string[] = $derived.by(() => this.#keepAliases(aliasesOf(this.config)));
  /** `@model` and its like. */
  readonly references: readonly string[] = $derived.by(() => this.#keepReferences(referencesTo(this.config)));

  constructor(file: OpenFile, editor: Editor) {
    this.file = file;
    this.#editor = editor;
  }

  get document(): EditorDocument {
    return this.file.document;
  }

  get isReadOnly(): boolean {
    return this.document.isReadOnly;
  }

  get canSearch(): boolean {
    return this.file.kind === 'config_train';
  }

  #outline(): readonly SectionOutline[] {
    const { kind } = this.file;
    if (kind === 'config_train') return outlineTrainConfig(this.config, this.variables);
    if (kind === 'config_evaluation') return outlineEvaluationConfig(this.config, this.variables);
    const slots = outlineAutomlConfig(this.config, this.variables);
    return [{ name: '', title: 'Search', path: [], slots }];
  }

  /** What is wrong at a place or below it. */
  findingsAt(path: JsonPath): readonly Finding[] {
    return this.file.findings.filter(({ fault }) => fault.path !== undefined && startsWith(fault.path, path));
  }

  /** The card that a path leads into. */
  cardAt(path: JsonPath): ComponentCard | undefined {
    return this.sections
      .flatMap(({ slots }) => slots.flatMap(({ cards }) => cards))
      .find((card) => startsWith(path, card.path));
  }

  /** Sets a value of the config. @param joins with the change before, as while typing */
  set(path: JsonPath, value: Json | undefined, joins = false): void {
    this.document.change(setKey(this.document.edited, path, value), { joins });
  }

  /** Adds a component of the catalogue and opens its card. */
  add(slot: SlotOutline, spec: ComponentSpec): void {
    this.#put(slot, makeComponent(spec, Object.keys(this.variables)));
  }

  /** Adds a component of the user's own, by `module.Class`. */
  addOwn(slot: SlotOutline, path: string): void {
    this.#put(slot, { path, args: {} });
  }

  #put(slot: SlotOutline, component: JsonObject): void {
    this.document.change(addComponent(this.document.edited, slot, component));
    const isAlone = slot.form === 'single' && (!slot.isPresent || !slot.hasAlternatives);
    this.expanded.add(isAlone ? slot.path : [...slot.path, slot.cards.length]);
  }

  /** Moves a card of a list; which ones are open moves with them. */
  move(slot: SlotOutline, from: number, to: number): void {
    if (from === to || to < 0 || to >= slot.cards.length + slot.others.length) return;
    this.document.change(moveItem(this.document.edited, slot.path, from, to));
    this.expanded.move(slot.path, slot.cards.length + slot.others.length, from, to);
  }

  duplicate(card: ComponentCard): void {
    this.document.change(duplicateComponent(this.document.edited, card.path));
  }

  remove(card: ComponentCard): void {
    this.document.change(removeComponent(this.document.edited, card.path));
    this.expanded.delete(card.path);
  }

  setDisabled({ path, json }: ComponentCard, isDisabled: boolean): void {
    this.document.change(setDisabled(this.document.edited, path, json, isDisabled));
  }

  choose(slot: SlotOutline, index: number): void {
    this.document.change(chooseAlternative(this.document.edited, slot, index));
  }

  /** Lets a search choose among the alternatives of a slot. */
  searchAlternatives(slot: SlotOutline): void {
    this.document.change(searchAlternatives(this.document.edited, slot));
  }

  /** Begins to search an argument of a component, its switch, or a first-level value. */
  startSearch(
    ownerPath: JsonPath,
    name: string,
    control: Control,
    current: Json | undefined,
    kind: string | undefined,
  ): void {
    const domain = DOMAINS[kind ?? ''] ?? (ownerPath.length === 0 ? 'lr' : 'net');
    const item = proposeItem(name, control, current, domain);
    this.document.change(addSearch(this.document.edited, ownerPath, item));
  }

  stopSearch(search: SearchOfArgument): void {
    this.document.change(removeSearch(this.document.edited, search));
  }

  /** Takes a whole search item out, and the list with its last one. */
  removeItem(path: JsonPath): void {
    const { edited } = this.document;
    const list = findNode(edited.tree, path.slice(0, -1));
    const isLast = list?.kind === 'array' && list.items.length === 1;
    this.document.change(removeValue(edited, isLast ? path.slice(0, -1) : path));
  }

  /** Writes a search item anew. */
  changeSearch(path: JsonPath, item: JsonObject, joins = false): void {
    this.document.change(changeItem(this.document.edited, path, item), { joins });
  }

  /** Shows a place in the text. */
  showText(path: JsonPath): void {
    this.#editor.setMode('text');
    void this.#editor.show(this.file.path, path);
  }
}
