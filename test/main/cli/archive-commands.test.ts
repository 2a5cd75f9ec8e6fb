import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runProgram } from '../../../main/cli/program.ts';
import { volume } from '../mmar/check/tiny-mmar.ts';
import { makeArchivedMmar, removeArchived, writeFiles } from '../mmar/archive/archived-mmar.ts';
import { captureOutput } from './capture-output.ts';

let root: string;
let folder: string;
beforeEach(() => {
  ({ root, folder } = makeArchivedMmar({ 'custom/own.ts': 'export class Own {}' }));
  vi.stubEnv('OUTERLOOP_DATA', join(folder, 'user'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  removeArchived();
});

async function outerloop(...args: string[]): Promise<{ code: number; lines: string; notes: string }> {
  const output = captureOutput();
  const code = await runProgram(args, output);
  return { code, lines: output.lines.join('\n'), notes: output.notes.join('\n') };
}

describe('outerloop mmar pack and unpack', () => {
  it('leave images here unless they are asked for, and name some of what was not looked into', async () => {
    const weights = Object.fromEntries(
      [1, 2, 3, 4, 5, 6].map((n) => [`models/w${n}.pt`, Buffer.from([0, n])]),
    );
    writeFiles(root, { ...weights, 'resources/atlas.nii.gz': gzipSync(volume([4, 4, 4])) });
    const file = join(folder, 'a.mmar');
    const { lines } = await outerloop('mmar', 'pack', root, file);
    expect(lines).toContain('Left here: 1 image, resources/atlas.nii.gz. ');
    expect(lines).toContain('models/w4.pt and 2 more.');
    const withImages = await outerloop('mmar', 'pack', root, file, '--images');
    expect(withImages.lines).not.toContain('atlas');
    const back = join(folder, 'back');
    await outerloop('mmar', 'unpack', file, back);
    expect(existsSync(join(back, 'resources/atlas.nii.gz'))).toBe(true);
  });

  it('say when there is no folder to pack into', async () => {
    const { code, notes } = await outerloop('mmar', 'pack', root, join(folder, 'none/a.mmar'));
    expect([code, notes]).toEqual([1, `error: ${folder}/none: There is no such folder to pack into.`]);
    expect(existsSync(join(root, 'versions.json'))).toBe(false);
  });

  it('give an MMAR a version, carry it over, and say that its code does not run', async () => {
    const file = join(folder, 'a.mmar');
    const packed = await outerloop('mmar', 'pack', root, file, '--note', 'first');
    expect(packed.code).toBe(0);
    expect(packed.lines).toMatch(
      /^Packed 5 files into .*a\.mmar, 0\.0 MiB, version 1\.\nContent: SHA-256 [0-9a-f]{64}$/,
    );
    const back = await outerloop('mmar', 'unpack', file, join(folder, 'back'));
    expect(back.code).toBe(0);
    expect(back.lines).toMatch(/version 1 of mmar/);
    expect(back.lines).toMatch(/All files are those of the manifest/);
    expect(back.lines).toMatch(/does not run until you trust it: commands\/train\.sh, custom\/own\.ts/);
    expect(JSON.parse(readFileSync(join(folder, 'back/versions.json'), 'utf8'))).toMatchObject({
      versions: [{ version: 1, note: 'first' }],
    });
  });

  it('refuse what looks as if it identified a person, and write nothing', async () => {
    writeFiles(root, { 'docs/notes.txt': 'Patient name: X' });
    const file = join(folder, 'a.mmar');
    const refused = await outerloop('mmar', 'pack', root, file);
    expect(refused.code).toBe(1);
    expect(refused.notes).toMatch(
      /^error: docs\/notes\.txt:1:1: This looks like a person's name\.\nNothing was packed\./,
    );
    expect(existsSync(file)).toBe(false);
    expect(existsSync(join(root, 'versions.json'))).toBe(false);
    const accepted = await outerloop('mmar', 'pack', root, file, '--accept-findings', '--no-stamp');
    expect(accepted.code).toBe(0);
    expect(accepted.notes).toMatch(/^warning: docs\/notes\.txt/);
    expect(existsSync(join(root, 'versions.json'))).toBe(false);
  });

  it('want the ending .mmar', async () => {
    expect(await outerloop('mmar', 'pack', root, join(folder, 'a.zip'))).toMatchObject({ code: 2 });
  });
});

describe('outerloop mmar copy', () => {
  it('makes a second one', async () => {
    const copied = await outerloop('mmar', 'copy', root, join(folder, 'two'));
    expect(copied).toMatchObject({ code: 0, lines: `Copied 4 files into ${join(folder, 'two')}.` });
    expect(existsSync(join(folder, 'two/custom/own.ts'))).toBe(true);
  });
});

describe('outerloop mmar trust', () => {
  it('lists what would run, and keeps the decision for exactly that', async () => {
    const unknown = await outerloop('mmar', 'trust', root);
    expect(unknown.lines).toMatch(
      /^[0-9a-f]{16} +5 {2}commands\/train\.sh\n[0-9a-f]{16} +19 {2}custom\/own\.ts\nNot trusted: nobody/,
    );
    expect((await outerloop('mmar', 'trust', root, '--yes', '--note', 'read')).lines).toMatch(
      /\nTrusted by /,
    );
    writeFileSync(join(root, 'custom/own.ts'), 'export class Other {}');
    expect((await outerloop('mmar', 'trust', root)).lines).toMatch(
      /\nNot trusted: .*custom\/own\.ts is another\.$/,
    );
    await outerloop('mmar', 'trust', root, '--yes');
    expect((await outerloop('mmar', 'trust', root, '--revoke')).lines).toMatch(
      /\nNot trusted: .* took it back/,
    );
  });
});

describe('outerloop mmar datalist', () => {
  function writeCases(names: readonly string[]): string {
    const data = join(folder, 'data');
    for (const place of ['images', 'labels']) {
      mkdirSync(join(data, place), { recursive: true });
      for (const name of names)
        writeFileSync(join(data, place, `${name}.nii.gz`), gzipSync(volume([3, 3, 3], (at) => at % 2)));
    }
    return data;
  }

  it('makes a list with its split', async () => {
    const data = writeCases(['a', 'b', 'c', 'd', 'e']);
    expect(await outerloop('mmar', 'datalist', data, '--validation', '0.4', '--seed', '3')).toMatchObject({
      code: 0,
      lines: [
        `Made ${join(data, 'dataset.json')}`,
        'Cases:      training 3 cases, validation 2 cases',
        'Classes:    2 with the background; name them under "labels"',
      ].join('\n'),
    });
  });

  it('says what is wrong with the folder, or with the share', async () => {
    const data = writeCases(['a']);
    writeFileSync(join(data, 'images/b.nii.gz'), '');
    expect(await outerloop('mmar', 'datalist', data)).toMatchObject({
      code: 1,
      notes: expect.stringContaining(
        'images/b.nii.gz: The image has no label in labels. Allowed: ',
      ) as string,
    });
    expect(await outerloop('mmar', 'datalist', data, '--validation', '1.5')).toMatchObject({ code: 2 });
  });
});
