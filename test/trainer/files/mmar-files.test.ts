import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asFileFault, findFileFault } from '../../../common/file-fault.ts';
import { MmarFiles } from '../../../trainer/files/mmar-files.ts';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'files-'))));
afterEach(() => rmSync(root, { recursive: true }));

describe('MmarFiles', () => {
  it('names files from the MMAR on, and of others the name alone', () => {
    const files = new MmarFiles(root);
    expect(files.describe('models/model.pt')).toBe('models/model.pt');
    expect(files.describe(join(root, 'models/model.pt'))).toBe('models/model.pt');
    expect(files.describe('/home/somebody/model.pt')).toBe('model.pt');
    expect(files.describe('../other/model.pt')).toBe('model.pt');
  });

  it('replaces a file whole, making its folder, leaving no draft', () => {
    const files = new MmarFiles(root);
    files.replace('a/b.txt', 'one');
    files.replace('a/b.txt', Buffer.from('two'));
    expect([files.readText('a/b.txt'), readdirSync(join(root, 'a'))]).toEqual(['two', ['b.txt']]);
    files.remove('a/b.txt');
    files.remove('a/b.txt');
    expect(existsSync(join(root, 'a/b.txt'))).toBe(false);
  });

  it('says what is in the way', () => {
    const files = new MmarFiles(root);
    writeFileSync(join(root, 'a'), '');
    expect(() => files.replace('a/b.txt', '')).toThrow('a: A file stands where a folder is needed.');
    expect(() => files.read('none')).toThrow('none: It does not exist.');
  });
});

describe('file faults', () => {
  const failure = (code: string): Error => Object.assign(new Error('failed'), { code });

  it.each([
    ['ENOSPC', 'disk-full'],
    ['EROFS', 'file-unwritable'],
    ['EACCES', 'file-unwritable'],
    ['EIO', 'file-unreadable'],
  ])('%s is %s', (errno, code) => {
    expect(findFileFault(failure(errno), 'models')).toMatchObject({ code, file: 'models' });
    expect(asFileFault(failure(errno), 'models')).toMatchObject({ name: 'FaultError' });
  });

  it('leaves a defect what it is', () => {
    const defect = new TypeError('x is undefined');
    expect(asFileFault(defect, 'models')).toBe(defect);
    expect(findFileFault('text', 'models')).toBeUndefined();
  });
});
