import { mkdir, realpath, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FaultError } from '../../../common/fault.ts';
import { locateFile } from '../../../main/mmar-files/locate-file.ts';
import { scratchMmar } from './scratch-mmar.ts';

const refusal = async (path: string, root: string): Promise<string | undefined> => {
  const error: unknown = await locateFile(root, path).catch((thrown: unknown) => thrown);
  return error instanceof FaultError ? error.faults[0]!.code : undefined;
};

describe('paths of an MMAR', () => {
  it('lead to files that are there and to files that will be', async () => {
    const root = await scratchMmar({ 'config/a.json': '{}' });
    const real = await realpath(root);
    expect(await locateFile(root, 'config/a.json')).toBe(join(real, 'config', 'a.json'));
    expect(await locateFile(root, 'custom/new/b.ts')).toBe(join(real, 'custom', 'new', 'b.ts'));
    expect(await locateFile(root, '')).toBe(real);
  });

  it.each([
    '../x',
    'config/../../x',
    '/etc/passwd',
    'C:/x',
    'a\\..\\b',
    './a',
    'a//b',
    'a/',
    'a\0b',
    'x'.repeat(300),
  ])('never lead out: %j', async (path) => {
    expect(await refusal(path, await scratchMmar())).toBe('path-not-allowed');
  });

  it('follow links within the MMAR, and none that leads out', async () => {
    const outside = await scratchMmar({ 'secret.txt': 's' });
    const root = await scratchMmar({ 'config/a.json': '{}' });
    await symlink(join(root, 'config'), join(root, 'inner'));
    await symlink(outside, join(root, 'outer'));
    await symlink(join(outside, 'none.txt'), join(root, 'dangling'));
    await symlink(join(root, 'circle'), join(root, 'circle'));
    expect(await locateFile(root, 'inner/a.json')).toBe(join(await realpath(root), 'config', 'a.json'));
    expect(await refusal('outer/secret.txt', root)).toBe('path-not-allowed');
    expect(await refusal('outer/new/file.txt', root)).toBe('path-not-allowed');
    expect(await refusal('dangling', root)).toBe('path-not-allowed');
    expect(await refusal('circle', root)).toBe('path-not-allowed');
  });

  it('work for an MMAR that is a link itself', async () => {
    const root = await scratchMmar({ 'a.json': '{}' });
    const parent = await scratchMmar();
    await mkdir(join(parent, 'links'));
    await symlink(root, join(parent, 'links/mmar'));
    expect(await locateFile(join(parent, 'links/mmar'), 'a.json')).toBe(join(await realpath(root), 'a.json'));
  });
});
