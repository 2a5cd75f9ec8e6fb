import { packedUploadAddress, type MmarCard, type TemplateCard } from '../../../common/api/library.ts';
import type { MmarId } from '../../../common/api/ids.ts';
import { api } from '../../api.ts';
import { RpcError } from '../../../common/rpc/rpc-error.ts';

/** What the cards are ordered by. */
export type CardOrder = 'opened' | 'name' | 'score';

/** The dialog that is open, and what it is about. */
export type LibraryDialog =
  | { readonly kind: 'new'; readonly template?: string }
  | { readonly kind: 'open' | 'unpack' }
  | { readonly kind: 'rename' | 'duplicate' | 'pack' | 'check' | 'relocate'; readonly card: MmarCard };

/** The MMARs of this machine, and what is done with whole ones. */
export class LibraryModel {
  #cards = $state.raw<readonly MmarCard[] | undefined>(undefined);
  #templates = $state.raw<readonly TemplateCard[]>([]);
  #folder = $state('');
  #problem = $state.raw<unknown>(undefined);
  #canReveal = $state(false);
  query = $state('');
  order = $state<CardOrder>('opened');
  dialog = $state.raw<LibraryDialog | undefined>(undefined);

  readonly #shown = $derived.by(() => orderCards(findCards(this.#cards ?? [], this.query), this.order));

  /** Undefined until they are read for the first time. */
  get cards(): readonly MmarCard[] | undefined {
    return this.#cards;
  }

  /** Those that are looked for, in the order that was chosen. */
  get shown(): readonly MmarCard[] {
    return this.#shown;
  }

  get templates(): readonly TemplateCard[] {
    return this.#templates;
  }

  /** Where new MMARs are put. */
  get folder(): string {
    return this.#folder;
  }

  /** Why the library cannot be read. */
  get problem(): unknown {
    return this.#problem;
  }

  get canReveal(): boolean {
    return this.#canReveal;
  }

  /** Reads all, and again whenever something changes, until the signal aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    this.#problem = undefined;
    try {
      await Promise.all([this.#readOnce(), this.#readAgain(signal)]);
    } catch (error) {
      if (!signal.aborted) this.#problem = error;
    }
  }

  async add(folder: string): Promise<MmarId> {
    return (await api.library.add({ folder })).mmar;
  }

  /** Unpacks a file that was dropped or chosen in the page. */
  async unpackFile(file: File): Promise<MmarId> {
    const response = await fetch(packedUploadAddress(file.name), { method: 'POST', body: file });
    const answer: unknown = await response.json();
    if (!response.ok) throw readFailure(answer);
    const { upload } = answer as { readonly upload: string };
    return (await api.library.unpack({ source: { upload } })).mmar;
  }

  /** What is the same as long as the program runs. */
  async #readOnce(): Promise<void> {
    const [templates, { reveal }] = await Promise.all([api.library.templates({}), api.system.abilities({})]);
    this.#templates = templates;
    this.#canReveal = reveal;
  }

  async #readAgain(signal: AbortSignal): Promise<void> {
    for await (const _change of api.library.changes({}, { signal })) await this.#read();
  }

  async #read(): Promise<void> {
    const { mmars, folder } = await api.library.list({});
    this.#cards = mmars;
    this.#folder = folder;
    this.#problem = undefined;
  }
}

function readFailure(answer: unknown): Error {
  const { message = 'The upload failed.', faults = [] } = answer as {
    readonly message?: string;
    readonly faults?: RpcError['faults'];
  };
  return new RpcError({ code: 'fault', message, faults: [...faults] });
}

/** The cards whose name, place, network, task or data set holds every word of the query. */
export function findCards(cards: readonly MmarCard[], query: string): readonly MmarCard[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return cards;
  return cards.filter(({ name, place, network, task, data }) => {
    const text = [name, place, network, task, data?.name].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Cards come with the one opened last first. */
export function orderCards(cards: readonly MmarCard[], order: CardOrder): readonly MmarCard[] {
  if (order === 'name')
    return cards.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  if (order === 'score')
    return cards.toSorted((a, b) => (b.best?.score ?? -Infinity) - (a.best?.score ?? -Infinity) || 0);
  return cards;
}
