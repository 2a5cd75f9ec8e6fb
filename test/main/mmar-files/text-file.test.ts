import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FaultError } from '../../../common/fault.ts';
import { MAX_TEXT_BYTES, readTextFile, writeTextFile } from '../../../main/mmar-files/text-file.ts';
import { scratchMmar } from './scratch-mmar.ts';

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  if (!(error instanceof FaultError)) throw new Error(`no fault: ${String(error)}`);
  return error.faults[0]!.code;
};

describe('reading a text file', () => {
  it('gives text and digest, the byte order mark and Windows line ends included', async () => {
    const text = '\ufeff{\r\n  "ä": 1\r\n}';
    const root = await scratchMmar({ 'config/a.json': text });
    const read = await readTextFile(root, 'config/a.json');
    expect(read).toMatchObject({ text, isWritable: true });
    expect(read.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('refuses what is missing, no file, no text, or too large', async () => {
    const root = await scratchMmar({
      'models/model.pt': new Uint8Array([80, 75, 3, 4, 0, 0]),
      'latin1.txt': new Uint8Array([0xe4, 0x20]),
      'big.json': new Uint8Array(MAX_TEXT_BYTES + 1).fill(32),
    });
    await mkdir(join(root, 'folder'));
    expect(await codeOf(readTextFile(root, 'config/none.json'))).toBe('file-missing');
    expect(await codeOf(readTextFile(root, 'folder'))).toBe('file-not-text');
    expect(await codeOf(readTextFile(root, 'models/model.pt'))).toBe('file-not-text');
    expect(await codeOf(readTextFile(root, 'latin1.txt'))).toBe('file-not-text');
    expect(await codeOf(readTextFile(root, 'big.json'))).toBe('file-too-large');
  });

  it('never names a folder outside of the MMAR in a fault', async () => {
    const root = await scratchMmar();
    const error = await readTextFile(root, 'none.json').catch((thrown: unknown) => thrown as Error);
    expect((error as Error).message).not.toContain(root);
  });
});

describe('writing a text file', () => {
  it('replaces what was read, keeps its permissions, and leaves nothing beside it', async () => {
    const root = await scratchMmar({ 'commands/train.sh': 'old' });
    await chmod(join(root, 'commands/train.sh'), 0o755);
    const { digest } = await readTextFile(root, 'commands/train.sh');
    const written = await writeTextFile(root, 'commands/train.sh', 'new', digest);
    expect(await readTextFile(root, 'commands/train.sh')).toMatchObject({
      text: 'new',
      digest: written.digest,
    });
    expect((await stat(join(root, 'commands/train.sh'))).mode & 0o777).toBe(0o755);
    expect(await readdir(join(root, 'commands'))).toEqual(['train.sh']);
  });

  it('makes a new file with its folder', async () => {
    const root = await scratchMmar();
    await writeTextFile(root, 'custom/parts/mine.ts', 'export {};', null);
    expect(await readFile(join(root, 'custom/parts/mine.ts'), 'utf8')).toBe('export {};');
  });

  it('never writes over what another program wrote, deleted or made meanwhile', async () => {
    const root = await scratchMmar({ 'a.json': '1' });
    const { digest } = await readTextFile(root, 'a.json');
    await writeFile(join(root, 'a.json'), '2');
    expect(await codeOf(writeTextFile(root, 'a.json', '3', digest))).toBe('file-changed');
    expect(await codeOf(writeTextFile(root, 'a.json', '3', null))).toBe('file-changed');
    expect(await readFile(join(root, 'a.json'), 'utf8')).toBe('2');
    await rm(join(root, 'a.json'));
    expect(await codeOf(writeTextFile(root, 'a.json', '3', digest))).toBe('file-changed');
  });

  it('refuses a text that it could not read again, and a path that leads out', async () => {
    const root = await scratchMmar();
    expect(await codeOf(writeTextFile(root, 'a.json', ' '.repeat(MAX_TEXT_BYTES + 1), null))).toBe(
      'file-too-large',
    );
    expect(await codeOf(writeTextFile(root, '../a.json', '', null))).toBe('path-not-allowed');
  });

  it('says so when a file stands where a folder is needed', async () => {
    const root = await scratchMmar({ config: '' });
    expect(await codeOf(writeTextFile(root, 'config/a.json', '', null))).toBe('file-unwritable');
  });

  it('refuses a file or disk that may not be written', async () => {
    const root = await scratchMmar({ 'config/a.json': '1' });
    const { digest } = await readTextFile(root, 'config/a.json');
    await chmod(join(root, 'config/a.json'), 0o444);
    await chmod(join(root, 'config'), 0o555);
    if (process.getuid?.() === 0) {
      console.warn('SKIPPED: read-only files: the superuser may write everything');
      return;
    }
    expect(await readTextFile(root, 'config/a.json')).toMatchObject({ isWritable: false });
    expect(await codeOf(writeTextFile(root, 'config/a.json', '2', digest))).toBe('file-unwritable');
    await chmod(join(root, 'config'), 0o755);
  });
});
