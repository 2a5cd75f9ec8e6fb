import { flushSync, mount, unmount } from 'svelte';
import { diagonalAffine } from '../../../common/imaging/affine.ts';
import { measureValues } from '../../../common/imaging/value-statistics.ts';
import type { VolumeFacts } from '../../../common/imaging/volume-facts.ts';
import { typeOfVoxels, type VoxelArray } from '../../../common/imaging/voxel-array.ts';
import { api, connection } from '../../../renderer/api.ts';
import '../../../renderer/ui/tokens.css';
import '../../../renderer/ui/base.css';
import { makeOverlay } from '../../../renderer/viewer/label-overlay.ts';
import { planes } from '../../../renderer/viewer/geometry/plane.ts';
import { openVolume } from '../../../renderer/viewer/volume/open-volume.ts';
import { Viewer } from '../../../renderer/viewer/viewer.svelte.ts';
import { makeViewVolume, type ViewVolume } from '../../../renderer/viewer/volume/view-volume.ts';
import VolumeViewer from '../../../renderer/viewer/VolumeViewer.svelte';
import './page.css';

/** What is scrolled, and for how long. */
export interface ScrollCase {
  readonly size: number;
  readonly voxelType: 'int16' | 'float32';
  readonly labels: boolean;
  readonly frames: number;
}

function volumeOf(id: string, shape: readonly [number, number, number], voxels: VoxelArray): ViewVolume {
  const affine = diagonalAffine([1, 1, 1]);
  const facts: VolumeFacts = {
    shape: [...shape],
    affine: [...affine],
    spacingMm: [1, 1, 1],
    voxelType: typeOfVoxels(voxels),
    slope: 1,
    intercept: 0,
    inverted: false,
    statistics: measureValues(voxels),
    source: {
      format: 'bench',
      voxelType: 'int16',
      orientation: 'RAS',
      shape: [...shape],
      channel: 0,
      channelCount: 1,
    },
    warnings: [],
  };
  return makeViewVolume(id, facts, voxels);
}

/** Waves with noise, so that every slice is another; two balls as labels. */
function drawCase({ size, voxelType, labels }: ScrollCase) {
  const count = size ** 3;
  const voxels = voxelType === 'int16' ? new Int16Array(count) : new Float32Array(count);
  const marked = new Uint8Array(labels ? count : 0);
  let at = 0;
  for (let z = 0; z < size; z++) {
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++, at++) {
        voxels[at] = 400 * Math.sin((x + z) * 0.05) + 300 * Math.cos(y * 0.04) + ((at * 2654435761) % 97);
        if (!labels) continue;
        const [dx, dy, dz] = [x / size - 0.5, y / size - 0.5, z / size - 0.5];
        const distance = dx * dx + dy * dy + dz * dz;
        marked[at] = distance < 0.04 ? 2 : distance < 0.12 ? 1 : 0;
      }
    }
  }
  const shape = [size, size, size] as const;
  return {
    image: volumeOf('image', shape, voxels),
    label: labels ? volumeOf('label', shape, marked) : undefined,
  };
}

const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));

let stage: { readonly viewer: Viewer; readonly plan: ScrollCase } | undefined;

/** Shows a case, ready to be scrolled. */
async function prepare(plan: ScrollCase): Promise<void> {
  const viewer = new Viewer();
  mount(VolumeViewer, { target: document.querySelector('#app')!, props: { viewer } });
  const { image, label } = drawCase(plan);
  const overlays =
    label === undefined ? [] : [makeOverlay({ id: 'label', name: 'Label', volume: label }, image)];
  viewer.show({ image, overlays }, { keep: false });
  for (const plane of planes) viewer.showSlice(plane, plan.size / 4);
  for (let frame = 0; frame < 30; frame++) await nextFrame();
  stage = { viewer, plan };
}

/** Scrolls all three planes by a slice in every frame; gives the time between frames in milliseconds. */
async function scroll(): Promise<number[]> {
  const { viewer, plan } = stage!;
  const times: number[] = [];
  let last = await nextFrame();
  for (let frame = 0; frame < plan.frames; frame++) {
    const step = frame % plan.size < plan.size / 2 ? 1 : -1;
    for (const plane of planes) viewer.scroll(plane, step);
    flushSync();
    const now = await nextFrame();
    times.push(now - last);
    last = now;
  }
  return times;
}

/**
 * Opens an image as the view does, with nothing kept from before.
 *
 * @returns milliseconds until the frame with the axial slice in the middle, and until the one with all of the volume
 */
async function open(path: string): Promise<{ readonly firstMs: number; readonly openMs: number }> {
  const viewer = new Viewer();
  const app = mount(VolumeViewer, { target: document.querySelector('#app')!, props: { viewer } });
  // The line to main stands before anybody can click.
  await api.system.abilities({});
  await nextFrame();
  const startedAt = performance.now();
  let first: Promise<number> | undefined;
  const drawn = async (): Promise<number> => {
    flushSync();
    // Cornerstone draws in the next frame, and the one after it is sent once that is done.
    await nextFrame();
    await nextFrame();
    return performance.now() - startedAt;
  };
  const volume = await openVolume({ from: 'disk', path }, new AbortController().signal, (part) => {
    viewer.show({ image: part }, { keep: viewer.image !== undefined });
    const [, , depth] = part.facts.shape;
    if (partOf(part) > Math.floor(depth / 2)) first ??= drawn();
  });
  viewer.show({ image: volume }, { keep: viewer.image !== undefined });
  const openMs = await drawn();
  const firstMs = (await first) ?? openMs;
  await unmount(app);
  return { firstMs, openMs };
}

/** Planes of a part that are there: its name says how many voxels. */
function partOf({ id, facts: { shape } }: ViewVolume): number {
  return Math.floor(Number(id.split('+')[1]) / (shape[0] * shape[1]));
}

connection.open();
Object.assign(window, { bench: { prepare, scroll, open } });
