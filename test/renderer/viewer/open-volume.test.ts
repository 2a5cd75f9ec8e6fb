import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { initialWindow } from '../../../renderer/viewer/window-level.ts';
import { fetchVoxels } from '../../../renderer/viewer/volume/fetch-voxels.ts';
import { openVolume } from '../../../renderer/viewer/volume/open-volume.ts';
import { darkenRest, makePartialVolume } from '../../../renderer/viewer/volume/partial-volume.ts';
import { makeVolume } from './make-volume.ts';

const { images } = vi.hoisted(() => ({ images: { begin: vi.fn(), open: vi.fn() } }));
vi.mock('../../../renderer/api.ts', () => ({ api: { images } }));

const { facts, voxels } = makeVolume();
const bytes = new Uint8Array(voxels.buffer as ArrayBuffer, voxels.byteOffset, voxels.byteLength);
const { signal } = new AbortController();
const place = { from: 'disk', path: '/data/a.nii' } as const;

/** Answers with a body of such pieces. */
function answerWith(...pieces: readonly Uint8Array[]): void {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
  vi.stubGlobal('fetch', async () => ({ ok: true, body }));
}

beforeEach(() => {
  images.begin.mockResolvedValue({ token: 't', outline: facts });
  images.open.mockResolvedValue({ token: 't', facts });
});
afterEach(() => vi.unstubAllGlobals());

describe('voxels on their way', () => {
  it('are put together, and told of piece by piece', async () => {
    answerWith(bytes.slice(0, 33), bytes.slice(33, 100), bytes.slice(100));
    const told: number[] = [];
    const got = await fetchVoxels('t', facts, signal, (_, ready) => told.push(ready));
    expect(Array.from(got)).toEqual(Array.from(voxels));
    expect(told).toEqual([16, 50, voxels.length]);
  });

  it.each([[bytes.slice(2)], [bytes, bytes]])('of another number are refused', async (...pieces) => {
    answerWith(...pieces);
    await expect(fetchVoxels('t', facts, signal)).rejects.toThrow(/bytes instead of/);
  });
});

describe('a volume that is opened', () => {
  it('has all that is known of it', async () => {
    answerWith(bytes);
    const volume = await openVolume(place, signal);
    expect(volume).toMatchObject({ id: 't', facts });
    expect(Array.from(volume.voxels)).toEqual(Array.from(voxels));
  });

  it('fails with what main says, whatever became of the voxels', async () => {
    answerWith(bytes.slice(50));
    images.open.mockRejectedValue(new Error('The compressed data end too early.'));
    await expect(openVolume(place, signal)).rejects.toThrow('end too early');
  });

  it('is fetched anew when its file has changed meanwhile', async () => {
    answerWith(bytes);
    images.open.mockResolvedValue({ token: 'new', facts });
    const asked: string[] = [];
    vi.stubGlobal('fetch', async (address: string) => {
      asked.push(address);
      return { ok: true, body: new Response(bytes).body };
    });
    expect((await openVolume(place, signal)).id).toBe('new');
    expect(asked).toEqual(['/resource/volumes/t', '/resource/volumes/new']);
  });
});

describe('a part of a volume', () => {
  it('is dark where voxels are still to come', () => {
    const values = new Int16Array(120);
    values.set([-1000, -20, 40]);
    const part = makePartialVolume('t', { ...facts, slope: 2, intercept: 10 }, values, 3);
    darkenRest(part, 3);
    // The fourth may have come in part already.
    expect(Array.from(values.subarray(0, 6))).toEqual([-1000, -20, 40, 0, -1000, -1000]);
  });

  it('has a window for what is there, and can hold any value', () => {
    const shape = [40, 40, 10] as const;
    const values = Int16Array.from({ length: 16000 }, (_, at) => (at < 8000 ? (at % 100) - 50 : 0));
    const whole = makeVolume({ shape, voxels: values });
    const part = makePartialVolume('t', whole.facts, values, 8000);
    expect(part.id).not.toBe(makePartialVolume('t', whole.facts, values, 9000).id);
    expect(part.facts.statistics).toMatchObject({ min: -50, max: 49 });
    expect(initialWindow(part.facts).width).toBeGreaterThan(90);
    expect(part.bounds).toEqual([-32768, 32767]);
    expect(whole.bounds).toEqual([-50, 49]);
  });
});
