import { expect, it } from 'vitest';
import type { VolumeFacts } from '../../../common/imaging/volume-facts.ts';
import { readWhole } from '../../../main/imaging/volume-reading.ts';
import { VolumeStore } from '../../../main/imaging/volume-store.ts';

const facts = {} as VolumeFacts;

/** A recipe for so many bytes that counts how often it was read. */
function recipe(identity: string, bytes: number) {
  const made = {
    identity,
    reads: 0,
    start: () => ((made.reads += 1), readWhole(Promise.resolve({ facts, voxels: new Uint8Array(bytes) }))),
  };
  return made;
}

it('reads once what is asked for often', async () => {
  const store = new VolumeStore(100);
  const made = recipe('a', 50);
  const [first, second] = await Promise.all([store.open(made), store.open(made)]);
  expect(first.token).toBe(second.token);
  await store.get(first.token).volume;
  expect(made.reads).toBe(1);
});

it('keeps no more bytes than it may, and lets go what was used longest ago', async () => {
  const store = new VolumeStore(100);
  const [a, b, c] = [recipe('a', 40), recipe('b', 40), recipe('c', 40)];
  const first = await store.open(a);
  await store.open(b);
  await store.get(first.token).volume;
  await store.open(c);
  expect(store.keptBytes).toBe(80);
  await store.open(a);
  expect([a.reads, b.reads]).toEqual([1, 1]);
  await store.open(b);
  expect(b.reads).toBe(2);
});

it('hands out what is larger than all that it may keep', async () => {
  const store = new VolumeStore(10);
  const large = recipe('large', 1000);
  const { token } = await store.open(large);
  expect((await store.get(token).volume).voxels.length).toBe(1000);
  await store.open(recipe('small', 5));
  expect(store.keptBytes).toBe(5);
  // Its token still works: it is read again.
  expect((await store.get(token).volume).voxels.length).toBe(1000);
  expect(large.reads).toBe(2);
});

it('does not keep a failure', async () => {
  const store = new VolumeStore();
  let fails = true;
  const made = {
    identity: 'x',
    start: () =>
      readWhole(
        fails ? Promise.reject(new Error('not now')) : Promise.resolve({ facts, voxels: new Uint8Array(1) }),
      ),
  };
  await expect(store.open(made)).rejects.toThrow('not now');
  fails = false;
  await expect(store.open(made)).resolves.toMatchObject({ facts });
});

it('has tokens that another store does not know', async () => {
  const { token } = await new VolumeStore().open(recipe('a', 1));
  expect(() => new VolumeStore().get(token)).toThrow(/not open any more/);
});
