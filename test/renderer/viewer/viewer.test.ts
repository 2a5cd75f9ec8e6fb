import { describe, expect, it } from 'vitest';
import { DEFAULT_PRESETS, settings, type WindowPreset } from '../../../common/api/settings.ts';
import { diagonalAffine, transformPoint } from '../../../common/imaging/affine.ts';
import { axesOf, planes } from '../../../renderer/viewer/geometry/plane.ts';
import { frameToPane } from '../../../renderer/viewer/geometry/pane-transform.ts';
import { makeOverlay } from '../../../renderer/viewer/label-overlay.ts';
import { moveByKey } from '../../../renderer/viewer/slice-keys.ts';
import { getViewerActions } from '../../../renderer/viewer/viewer-actions.ts';
import { Viewer } from '../../../renderer/viewer/viewer.svelte.ts';
import { autoWindow, dragWindow, isHounsfield, presetsOf } from '../../../renderer/viewer/window-level.ts';
import { userSettings } from '../../../renderer/user-settings.svelte.ts';
import { makeVolume } from './make-volume.ts';

function open(image = makeVolume({ shape: [40, 50, 60] })): Viewer {
  const viewer = new Viewer();
  viewer.show({ image }, { keep: false });
  for (const plane of planes) viewer.panes.resize(plane, { width: 400, height: 300 });
  return viewer;
}

describe('a viewer', () => {
  it('begins in the middle, or where most of the label is', () => {
    expect(open().voxel).toEqual([20, 25, 30]);
    const image = makeVolume();
    const voxels = new Uint8Array(120);
    voxels[3 + 4 * (1 + 5 * 4)] = 1;
    const overlays = [makeOverlay({ id: 'a', name: 'a', volume: makeVolume({ voxels }) }, image)];
    const viewer = new Viewer();
    viewer.show({ image, overlays }, { keep: false });
    expect(viewer.voxel).toEqual([3, 1, 4]);
  });

  it('has one scale in all planes, at which every slice fits', () => {
    const viewer = open();
    const scales = planes.map((plane) => viewer.panes.viewOf(plane)!.mmPerPixel);
    expect(new Set(scales).size).toBe(1);
    // Coronal is the largest: 40 mm wide, 60 * 3 mm high, in 300 pixels.
    expect(scales[0]).toBeCloseTo((180 / 300) * 1.04, 9);
  });

  it('lets a large plane fill its pane', () => {
    const viewer = open();
    viewer.panes.layout = 'large';
    viewer.panes.resize('axial', { width: 800, height: 600 });
    expect(viewer.panes.viewOf('axial')!.mmPerPixel).toBeCloseTo((100 / 600) * 1.04, 9);
    expect(viewer.panes.viewOf('coronal')!.mmPerPixel).toBeCloseTo((180 / 300) * 1.04, 9);
  });

  it('shows the crosshair at one place of the world in every pane, wherever a click puts it', () => {
    const viewer = open();
    viewer.panes.zoomStep(3);
    viewer.panes.pan('sagittal', 30, -20);
    viewer.lookAt(viewer.panes.pointAt('coronal', { x: 210, y: 120 })!);
    const world = viewer.worldMm!;
    for (const plane of planes) {
      const view = viewer.panes.viewOf(plane)!;
      const place = frameToPane(view, viewer.cursorMm);
      const point = viewer.panes.pointAt(plane, place)!;
      point.forEach((part, axis) => expect(part).toBeCloseTo(viewer.cursorMm[axis]!, 9));
      // and the slice that the pane shows is the crosshair's
      const { normal } = axesOf(plane, 'radiological');
      expect(view.centreMm[normal]).toBe(viewer.cursorMm[normal]);
    }
    const back = transformPoint(viewer.image!.facts.affine, viewer.voxel!);
    world.forEach((part, axis) =>
      expect(Math.abs(part - back[axis]!)).toBeLessThanOrEqual([0.5, 1, 1.5][axis]!),
    );
  });

  it('stays within the image', () => {
    const viewer = open();
    viewer.scroll('axial', 1000);
    expect(viewer.voxel).toEqual([20, 25, 59]);
    viewer.showSlice('axial', -5);
    expect(viewer.voxel![2]).toBe(0);
    viewer.lookAt([1e9, -1e9, 0]);
    expect(viewer.voxel!.slice(0, 2)).toEqual([39, 0]);
  });

  it('zooms at the mouse, and pans with it', () => {
    const viewer = open();
    const at = { x: 320, y: 70 };
    const before = viewer.panes.pointAt('axial', at)!;
    viewer.panes.zoomBy(2.5, { plane: 'axial', point: at });
    viewer.panes.pointAt('axial', at)!.forEach((part, axis) => expect(part).toBeCloseTo(before[axis]!, 9));
    viewer.panes.pan('axial', 12, -8);
    viewer.panes
      .pointAt('axial', { x: 332, y: 62 })!
      .forEach((part, axis) => expect(part).toBeCloseTo(before[axis]!, 9));
    viewer.panes.fit();
    expect(viewer.panes.zoom).toBe(1);
  });

  it('keeps its place of the world when the image is cut or resampled', () => {
    const viewer = open();
    viewer.lookAt(viewer.frame!.originMm.map((part, axis) => part + [10, 20, 30][axis]!) as never);
    const world = viewer.worldMm!;
    const cut = makeVolume({
      shape: [20, 30, 40],
      affine: diagonalAffine([0.5, 1, 3], [-2, 30, 45]),
      id: 'cut',
    });
    viewer.show({ image: cut }, { keep: true });
    expect(viewer.worldMm).toEqual(world);
    const elsewhere = makeVolume({ affine: diagonalAffine([1, 1, 1], [900, 900, 900]), id: 'far' });
    viewer.show({ image: elsewhere }, { keep: true });
    expect(viewer.voxel).toEqual([2, 2, 3]);
  });

  it('keeps a window of its own only while values have about the same range', () => {
    const viewer = open();
    viewer.window.set({ centre: 1000, width: 50 });
    viewer.show({ image: makeVolume({ shape: [40, 50, 60], id: 'b' }) }, { keep: true });
    expect(viewer.window.current).toEqual({ centre: 1000, width: 50 });
    const scaled = makeVolume({ voxels: Float32Array.from({ length: 120 }, (_, at) => at / 120), id: 'c' });
    viewer.show({ image: scaled }, { keep: true });
    expect(viewer.window.current).toEqual(autoWindow(scaled.facts.statistics));
  });

  it('reads values under the mouse, and none outside', () => {
    const viewer = open(makeVolume());
    expect(viewer.valueAt(viewer.frame!.originMm)).toBe(0);
    expect(viewer.valueAt([1e6, 0, 0])).toBeUndefined();
  });

  it('is moved by keys', () => {
    const viewer = open();
    const press = (key: string, more = {}) =>
      moveByKey(viewer, 'axial', { key, ctrlKey: false, metaKey: false, altKey: false, ...more });
    expect(press('ArrowUp')).toBe(true);
    expect(viewer.voxel![2]).toBe(31);
    press('PageDown');
    expect(viewer.voxel![2]).toBe(21);
    press('Home');
    expect(viewer.voxel![2]).toBe(0);
    press('Enter');
    expect(viewer.panes.layout).toBe('axial');
    expect(press('q')).toBe(false);
    expect(press('ArrowUp', { ctrlKey: true })).toBe(false);
  });

  it('can do all of it by commands, no key twice', () => {
    const viewer = open();
    const actions = getViewerActions(viewer);
    const keys = actions.flatMap(({ shortcut }) => shortcut ?? []);
    expect(new Set(keys).size).toBe(keys.length);
    void actions.find(({ id }) => id === 'viewer.invert')!.run();
    expect(viewer.isInverted).toBe(true);
  });
});

describe('windows', () => {
  it('of a CT are those that its readers know', () => {
    const ct = makeVolume({ modality: 'CT' });
    expect(presetsOf(ct.facts).map(({ title }) => title)).toEqual([
      ...['Auto', 'Full range', ...DEFAULT_PRESETS.map(({ name }) => name)],
    ]);
    expect(open(ct).window.current).toEqual({ centre: 40, width: 400 });
    const air = makeVolume({ voxels: Int16Array.from({ length: 120 }, (_, at) => at * 20 - 1024) });
    expect(isHounsfield(air.facts)).toBe(true);
    expect(isHounsfield(makeVolume({ modality: 'MR', voxels: air.voxels }).facts)).toBe(false);
  });

  it('of a CT are those of the settings', () => {
    const choose = (presets: WindowPreset[]): void =>
      userSettings.keep(settings.parse({ viewer: { presets } }));
    choose([{ name: 'Kidney', level: 30, width: 300 }]);
    const ct = makeVolume({ modality: 'CT' });
    expect(presetsOf(ct.facts).map(({ title }) => title)).toEqual(['Auto', 'Full range', 'Kidney']);
    expect(open(ct).window.current).toEqual({ centre: 30, width: 300 });
    choose([]);
    expect(open(ct).window.current).toEqual(autoWindow(ct.facts.statistics));
    choose([...DEFAULT_PRESETS]);
  });

  it('of one value everywhere still have a width', () => {
    const flat = makeVolume({ voxels: new Uint8Array(120) });
    expect(open(flat).window.current.width).toBeGreaterThan(0);
  });

  it('follow a drag: to the right wider, down darker, never of no width', () => {
    const start = { centre: 100, width: 200 };
    expect(dragWindow(start, { x: 100, y: 0 }, 1000, 100)).toEqual({ centre: 100, width: 450 });
    expect(dragWindow(start, { x: 0, y: 100 }, 1000, 100).centre).toBe(350);
    expect(dragWindow(start, { x: -1e6, y: 0 }, 1000, 100).width).toBeGreaterThan(0);
  });
});
