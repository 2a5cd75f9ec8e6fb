import { MOST_INSPECTED } from '../../../../common/api/data-list.ts';
import { replaceBeginnings } from '../../../../common/mmar-edit/data-list-edit.ts';
import { setValue } from '../../../../common/mmar-edit/edit-json.ts';
import { movePath, proposeMoves, type DataMove } from '../../../../common/mmar-edit/propose-move.ts';
import { ENVIRONMENT } from '../editor-files.ts';
import type { DataListForm } from './data-list-form.svelte.ts';

/** What a folder means for the files that are missing. */
export interface MoveProposal {
  readonly move: DataMove;
  /** Missing files that it finds, and that there are. */
  readonly finds: number;
  readonly missing: number;
}

/** The data stand elsewhere now: which change of the paths finds them again. */
export class MovedData {
  readonly form: DataListForm;
  folder = $state('');
  #proposal = $state.raw<MoveProposal | undefined>(undefined);
  #isLooking = $state(false);
  #problem = $state.raw<unknown>(undefined);
  #asked = 0;

  /** Paths of files that are not there, each once. */
  readonly missing: readonly string[] = $derived.by(() => {
    const { known } = this.form.inspector;
    const paths = this.form.cases.flatMap(({ files }) => files.map(({ path }) => path));
    return [...new Set(paths)].filter((path) => known.get(path)?.sizeBytes === null);
  });

  constructor(form: DataListForm) {
    this.form = form;
  }

  /** Undefined while nothing was found in the folder. */
  get proposal(): MoveProposal | undefined {
    return this.#proposal;
  }

  get isLooking(): boolean {
    return this.#isLooking;
  }

  get problem(): unknown {
    return this.#problem;
  }

  /** Looks which move brings the missing files to the folder. */
  async look(folder: string): Promise<void> {
    const asked = ++this.#asked;
    this.#isLooking = folder !== '';
    let proposal: MoveProposal | undefined;
    try {
      if (folder !== '') proposal = await this.#propose(folder);
      if (asked === this.#asked) this.#problem = undefined;
    } catch (error) {
      if (asked === this.#asked) this.#problem = error;
    }
    if (asked !== this.#asked) return;
    this.#proposal = proposal;
    this.#isLooking = false;
  }

  /** Changes the environment's root, or the beginnings of the paths; each in its own file's history. */
  apply(): void {
    const { form } = this;
    const move = this.#proposal?.move;
    if (move === undefined) return;
    if (move.kind === 'beginning') {
      const keys = form.outline.map(({ key }) => key);
      form.document.change(replaceBeginnings(form.document.edited, keys, move.from, move.to));
      return;
    }
    const document = form.editor.files.of(ENVIRONMENT)?.document;
    document?.change(setValue(document.edited, ['DATA_ROOT'], move.root));
  }

  async #propose(folder: string): Promise<MoveProposal | undefined> {
    const { missing } = this;
    const [first] = missing;
    if (first === undefined) return undefined;
    const moves = proposeMoves(first, folder);
    const found = await this.#areThere(moves.map((move) => movePath(first, move)));
    const move = moves[found.indexOf(true)];
    if (move === undefined) return undefined;
    const there = await this.#areThere(missing.map((path) => movePath(path, move)));
    return { move, finds: there.filter(Boolean).length, missing: missing.length };
  }

  async #areThere(paths: readonly string[]): Promise<readonly boolean[]> {
    const { editor, root } = this.form;
    const there: boolean[] = [];
    for (let from = 0; from < paths.length; from += MOST_INSPECTED) {
      const some = paths.slice(from, from + MOST_INSPECTED);
      const found = await editor.api.dataList.inspect({
        mmar: editor.mmar,
        root,
        paths: [...some],
        withHeaders: false,
      });
      there.push(...found.map(({ sizeBytes }) => sizeBytes !== null));
    }
    return there;
  }
}
