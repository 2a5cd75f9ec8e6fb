import { createHash, randomBytes } from 'node:crypto';
import { FaultError } from '../../common/fault.ts';
import type { VolumeFacts } from '../../common/imaging/volume-facts.ts';
import type { Volume } from './make-volume.ts';

/** How to come by a volume, again if need be. */
export interface VolumeRecipe {
  /** The same for the same voxels: it contains what tells that a file has changed. */
  readonly identity: string;
  read(): Promise<Volume>;
}

/** An open volume as the window knows it. */
export interface StoredVolume {
  readonly token: string;
  readonly facts: VolumeFacts;
}

/** Volumes of more bytes than this, together, are not kept: the one used longest ago goes first. */
const MOST_BYTES = 768 * 2 ** 20;
/** Tokens of more volumes than this are forgotten. */
const MOST_RECIPES = 2000;

/**
 * Volumes that windows have open, by tokens that nobody can guess. Voxels are kept as long as there is room, and read again
 * when they are asked for later.
 */
export class VolumeStore {
  readonly #mostBytes: number;
  readonly #secret = randomBytes(32);
  /** In order of use, the newest last. */
  readonly #recipes = new Map<string, VolumeRecipe>();
  readonly #volumes = new Map<string, Promise<Volume>>();
  readonly #bytes = new Map<string, number>();

  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  /** Reads a volume, or finds it read already. */
  async open(recipe: VolumeRecipe): Promise<StoredVolume> {
    const token = createHash('sha256')
      .update(this.#secret)
      .update(recipe.identity)
      .digest('hex')
      .slice(0, 40);
    this.#recipes.delete(token);
    this.#recipes.set(token, recipe);
    const [oldest] = this.#recipes.keys();
    if (this.#recipes.size > MOST_RECIPES && oldest !== undefined) this.#recipes.delete(oldest);
    const { facts } = await this.#read(token, recipe);
    return { token, facts };
  }

  /** The volume of a token. Fault `volume-gone` for one that is not known, or no longer. */
  async get(token: string): Promise<Volume> {
    const recipe = this.#recipes.get(token);
    if (recipe !== undefined) return this.#read(token, recipe);
    throw new FaultError({ code: 'volume-gone', message: 'The image is not open any more: open it again.' });
  }

  /** Bytes that are kept. */
  get keptBytes(): number {
    return [...this.#bytes.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  async #read(token: string, recipe: VolumeRecipe): Promise<Volume> {
    const known = this.#volumes.get(token);
    const reading = known ?? recipe.read();
    this.#volumes.delete(token);
    this.#volumes.set(token, reading);
    try {
      const volume = await reading;
      if (this.#volumes.get(token) === reading) this.#bytes.set(token, volume.voxels.byteLength);
      this.#letGo(token);
      return volume;
    } catch (error) {
      if (this.#volumes.get(token) === reading) this.#volumes.delete(token);
      throw error;
    }
  }

  #letGo(newest: string): void {
    for (const token of [...this.#volumes.keys()]) {
      if (this.keptBytes <= this.#mostBytes) return;
      if (token === newest || !this.#bytes.has(token)) continue;
      this.#volumes.delete(token);
      this.#bytes.delete(token);
    }
  }
}
