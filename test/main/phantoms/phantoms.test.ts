import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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
