import { describe, expect, it } from 'vitest';
import { compareLabels } from '../../../renderer/viewer/compare-labels.ts';
import { makeOverlay } from '../../../renderer/viewer/label-overlay.ts';
import { Viewer } from '../../../renderer/viewer/viewer.svelte.ts';
import { makeVolume } from './make-volume.ts';

const shape = [4, 2, 1] as const;
const image = makeVolume({ shape });
const overlay = (name: string, labels: readonly number[]) =>
  makeOverlay(
    {
      id: name,
      name,
      volume: makeVolume({ shape, voxels: Uint8Array.from(labels), id: name }),
      names: { 1: 'Liver', 2: 'Tumour' },
    },
    image,
  );
//                                agree  missed extra  mixed  agree  none  extra of a class that the truth lacks
const truth = overlay('Truth', [1, 1, 0, 1, 2, 0, 0, 0]);
const found = overlay('Segmentation', [1, 0, 1, 2, 2, 0, 3, 0]);

describe('the difference of two overlays', () => {
  it('tells for every class what was found, missed, too much and taken for another', () => {
    const { classes, volume } = compareLabels(truth, found);
    expect(classes.map(({ name, voxels }) => [name, voxels])).toEqual([
      ['Liver: found', 1],
      ['Liver: missed', 1],
      ['Liver: too much', 1],
      ['Liver: taken for another', 1],
      ['Tumour: found', 1],
      ['Label 3: too much', 1],
    ]);
    const named = new Map(classes.map(({ label, name }) => [label, name]));
    expect(Array.from(volume.voxels, (code) => named.get(code) ?? '')).toEqual([
      'Liver: found',
      'Liver: missed',
      'Liver: too much',
      'Liver: taken for another',
      'Tumour: found',
      '',
      'Label 3: too much',
      '',
    ]);
  });

  it('has a colour for each of them', () => {
    const { classes } = compareLabels(truth, found);
    expect(new Set(classes.slice(0, 4).map(({ rgb }) => rgb.join())).size).toBe(4);
  });

  it('takes the place of both in a viewer, and stays for the next case', () => {
    const viewer = new Viewer();
    viewer.show({ image, overlays: [truth] }, { keep: false });
    expect(viewer.canCompare).toBe(false);
    viewer.show({ image, overlays: [truth, found] }, { keep: false });
    viewer.showsDifference = true;
    expect(viewer.overlays.map(({ name }) => name)).toEqual(['Difference']);
    viewer.changeOverlay('difference', { isVisible: false });
    expect(viewer.overlays[0]!.isVisible).toBe(false);
    viewer.show({ image, overlays: [truth, truth] }, { keep: true });
    expect(viewer.overlays[0]!.classes.map(({ name }) => name)).toEqual(['Liver: found', 'Tumour: found']);
    viewer.showsDifference = false;
    expect(viewer.overlays).toEqual([truth, truth]);
  });

  it('is not shown where there is one overlay', () => {
    const viewer = new Viewer();
    viewer.showsDifference = true;
    viewer.show({ image, overlays: [truth] }, { keep: false });
    expect(viewer.overlays).toEqual([truth]);
  });
});
