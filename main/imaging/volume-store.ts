import { createHash, randomBytes } from 'node:crypto';
import { FaultError } from '../../common/fault.ts';
import type { VolumeFacts, VolumeOutline } from '../../common/imaging/volume-facts.ts';
import type { VolumeReading } from './volume-reading.ts';

/** How to come by a volume, again if need be. */
export interface VolumeRecipe {
  /** The same for the same voxels: it contains what tells that a file has changed. */
  readonly identity: string;
  start(): VolumeReading;
}

/** An open volume as the window knows it. */
export interface StoredVolume {
  readonly token: string;
  readonly facts: VolumeFacts;
}

/** A volume whose voxels are coming. */
export interface BegunVolume {
  readonly token: string;
  readonly outline: VolumeOutline;
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
  readonly #readings = new Map<string, VolumeReading>();
  readonly #bytes = new Map<string, number>();

  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  /** Reads a volume, or finds it read already. */
  async open(recipe: VolumeRecipe): Promise<StoredVolume> {
    const { token, reading } = this.#begin(recipe);
    const { facts } = await reading.volume;
    return { token, facts };
  }

  /** Begins to read a volume: its voxels can be taken by its token while they come. */
  async begin(recipe: VolumeRecipe): Promise<BegunVolume> {
    const { token, reading } = this.#begin(recipe);
    const { outline } = await reading.start;
    return { token, outline };
  }

  /** The volume of a token, perhaps on its way. Fault `volume-gone` for one that is not known, or no longer. */
  get(token: string): VolumeReading {
    const recipe = this.#recipes.get(token);
    if (recipe !== undefined) return this.#read(token, recipe);
    throw new FaultError({ code: 'volume-gone', message: 'The image is not open any more: open it again.' });
  }

  /** Bytes that are kept. */
  get keptBytes(): number {
    return [...this.#bytes.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  #begin(recipe: VolumeRecipe): { readonly token: string; readonly reading: VolumeReading } {
    const token = createHash('sha256')
      .update(this.#secret)
      .update(recipe.identity)
      .digest('hex')
      .slice(0, 40);
    this.#recipes.delete(token);
    this.#recipes.set(token, recipe);
    const [oldest] = this.#recipes.keys();
    if (this.#recipes.size > MOST_RECIPES && oldest !== undefined) this.#recipes.delete(oldest);
    return { token, reading: this.#read(token, recipe) };
  }

  #read(token: string, recipe: VolumeRecipe): VolumeReading {
    const known = this.#readings.get(token);
    const reading = known ?? recipe.start();
    this.#readings.delete(token);
    this.#readings.set(token, reading);
    if (known === undefined) void this.#account(token, reading);
    return reading;
  }

  /** What was read counts; a failure is not kept. */
  async #account(token: string, reading: VolumeReading): Promise<void> {
    try {
      const { voxels } = await reading.volume;
      if (this.#readings.get(token) !== reading) return;
      this.#bytes.set(token, voxels.byteLength);
      this.#letGo(token);
    } catch {
      if (this.#readings.get(token) === reading) this.#readings.delete(token);
    }
  }

  #letGo(newest: string): void {
    for (const token of [...this.#readings.keys()]) {
      if (this.keptBytes <= this.#mostBytes) return;
      if (token === newest || !this.#bytes.has(token)) continue;
      this.#readings.delete(token);
      this.#bytes.delete(token);
    }
  }
}
