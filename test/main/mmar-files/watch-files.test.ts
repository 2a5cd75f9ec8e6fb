import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FileState } from '../../../common/api/files.ts';
import type { Clock } from '../../../main/ports/clock.ts';
import { readTextFile } from '../../../main/mmar-files/text-file.ts';
import { watchFiles } from '../../../main/mmar-files/watch-files.ts';
import { scratchMmar } from './scratch-mmar.ts';

/** Every pause is over at once, but after what is going on. */
const hurriedClock: Clock = {
  now: () => 0,
  after: (_, action) => {
    const timer = setTimeout(action, 1);
    return () => clearTimeout(timer);
  },
};

describe('watching files', () => {
  it('gives each state once, then every change', async () => {
    const root = await scratchMmar({ 'config/a.json': '1', 'config/b.json': '1' });
    const abort = new AbortController();
    const states = watchFiles(root, ['config/a.json', 'none.txt', 'config'], hurriedClock, abort.signal);
    const next = async (): Promise<FileState> => (await states.next()).value as FileState;
    const { digest } = await readTextFile(root, 'config/a.json');
    expect(await next()).toEqual({ path: 'config/a.json', digest });
    expect(await next()).toEqual({ path: 'none.txt', digest: null });
    const folder = await next();
    expect(folder.path).toBe('config');

    await writeFile(join(root, 'config/a.json'), '22');
    const changed = await next();
    expect(changed.path).toBe('config/a.json');
    expect(changed.digest).toBe((await readTextFile(root, 'config/a.json')).digest);

    await rm(join(root, 'config/a.json'));
    const after = [await next(), await next()].toSorted((x, y) => x.path.localeCompare(y.path));
    expect(after[0]!.path).toBe('config');
    expect(after[0]!.digest).not.toBe(folder.digest);
    expect(after[1]).toEqual({ path: 'config/a.json', digest: null });
    abort.abort();
    expect((await states.next()).done).toBe(true);
  });

  it('waits for a program that writes a file piece by piece', async () => {
    const root = await scratchMmar({ 'a.json': 'old' });
    const abort = new AbortController();
    const file = join(root, 'a.json');
    let writes = 0;
    // Whenever the watcher pauses, the other program gets on a little.
    const clock: Clock = {
      now: () => 0,
      after: (_, action) => {
        const write = writes++ < 5 ? writeFile(file, 'new'.repeat(writes)) : Promise.resolve();
        void write.then(action);
        return () => undefined;
      },
    };
    const states = watchFiles(root, ['a.json'], clock, abort.signal);
    await states.next();
    const { digest } = (await states.next()).value as FileState;
    expect(digest).toBe((await readTextFile(root, 'a.json')).digest);
    abort.abort();
  });

  it('says nothing about a file that is written again with the same content', async () => {
    const root = await scratchMmar({ 'a.json': '1', 'b.json': '1' });
    const abort = new AbortController();
    const states = watchFiles(root, ['a.json', 'b.json'], hurriedClock, abort.signal);
    await states.next();
    await states.next();
    await writeFile(join(root, 'a.json'), '1');
    await writeFile(join(root, 'b.json'), '2');
    expect(((await states.next()).value as FileState).path).toBe('b.json');
    abort.abort();
  });
});
