import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawCtPhantom } from '../../../main/phantoms/draw-ct-phantom.ts';
import { drawPhantom } from '../../../main/phantoms/draw-phantom.ts';
import { writePhantomDataSet } from '../../../main/phantoms/write-data-set.ts';

function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

describe('phantoms', () => {
  it('hold both parts, differ from case to case and stay within an eighth of the size asked for', () => {
    const random = seeded(3);
    const sizes = new Set<string>();
    for (let number = 0; number < 10; number++) {
      const { shape, label, image } = drawPhantom(random, 24);
      const counts = [0, 0, 0];
      for (const value of label) counts[value]!++;
      expect(Math.min(...counts)).toBeGreaterThan(50);
      for (const size of shape) expect(Math.abs(size - 24)).toBeLessThanOrEqual(3);
      expect(image.every(Number.isFinite)).toBe(true);
      sizes.add(shape.join());
    }
    expect(sizes.size).toBeGreaterThan(5);
  });

  it('of CT are in Hounsfield units: air, fat, muscle, bone, and an organ hardly brighter than the rest', () => {
    const random = seeded(3);
    for (let number = 0; number < 10; number++) {
      const { label, image, spacingMm } = drawCtPhantom(random, 24);
      const organ = image.filter((_, at) => label[at] === 1);
      expect(organ.length).toBeGreaterThan(50);
      const mean = organ.reduce((sum, value) => sum + value, 0) / organ.length;
      expect(mean).toBeGreaterThan(30);
      expect(mean).toBeLessThan(75);
      const share = (low: number, high: number): number =>
        image.filter((value) => value >= low && value < high).length / image.length;
      expect(share(-1100, -900)).toBeGreaterThan(0.1);
      expect(share(200, 800)).toBeGreaterThan(0.003);
      expect(image.every(Number.isInteger)).toBe(true);
      expect(spacingMm[2]).toBeGreaterThan(spacingMm[0]);
    }
  });

  it('are the same files for the same seed and others for another', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'outerloop-phantoms-'));
    const request = { training: 1, validation: 1, test: 0, baseSize: 12 };
    for (const [name, seed] of [
      ['a', 5],
      ['b', 5],
      ['c', 6],
    ] as const) {
      await writePhantomDataSet({ ...request, folder: join(folder, name), random: seeded(seed) });
    }
    const read = (name: string): string =>
      readFileSync(join(folder, name, 'images/phantom_001.nii.gz'), 'base64');
    expect(read('a')).toBe(read('b'));
    expect(read('a')).not.toBe(read('c'));
    rmSync(folder, { recursive: true });
  });
});
