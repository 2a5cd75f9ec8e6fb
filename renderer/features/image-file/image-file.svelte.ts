import { showWhileOpening } from '../../viewer/volume/show-while-opening.ts';
import { Viewer } from '../../viewer/viewer.svelte.ts';

/** An image of this machine that belongs to no MMAR: it is looked at, and nothing of it is kept. */
export class ImageFile {
  readonly viewer = new Viewer();
  #path = $state.raw<string | undefined>(undefined);
  #problem = $state.raw<unknown>(undefined);
  #isOpening = $state(false);
  #opening = new AbortController();
  channel = $state(0);
  #series = 0;

  /** Absolute path of the file, or of the folder of a DICOM series. */
  get path(): string | undefined {
    return this.#path;
  }

  /** The last part of the path. */
  get name(): string | undefined {
    return this.#path
      ?.replace(/[\\/]+$/, '')
      .split(/[\\/]/)
      .at(-1);
  }

  /** Why the image is not shown. */
  get problem(): unknown {
    return this.#problem;
  }

  get isOpening(): boolean {
    return this.#isOpening;
  }

  async open(path: string): Promise<void> {
    this.#path = path;
    this.channel = 0;
    this.#series = 0;
    await this.#show();
  }

  async showChannel(channel: number): Promise<void> {
    this.channel = channel;
    await this.#show();
  }

  /** Of a DICOM folder, the largest first. */
  async showSeries(series: number): Promise<void> {
    this.#series = series;
    await this.#show();
  }

  async retry(): Promise<void> {
    await this.#show();
  }

  dispose(): void {
    this.#opening.abort();
  }

  async #show(): Promise<void> {
    this.#opening.abort();
    const { signal } = (this.#opening = new AbortController());
    if (this.#path === undefined) return;
    this.#isOpening = true;
    this.#problem = undefined;
    const place = { from: 'disk', path: this.#path, channel: this.channel, series: this.#series } as const;
    try {
      const { image, keep } = await showWhileOpening(this.viewer, place, signal);
      if (!signal.aborted) this.viewer.show({ image }, { keep });
    } catch (error) {
      if (signal.aborted) return;
      this.#problem = error;
      this.viewer.clear();
    }
    if (!signal.aborted) this.#isOpening = false;
  }
}

/** What was opened last stays open when another view is looked at meanwhile. */
export const imageFile = new ImageFile();
