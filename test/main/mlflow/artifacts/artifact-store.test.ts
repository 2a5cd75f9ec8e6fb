import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { artifactPathOf, checkArtifactPath } from '../../../../main/mlflow/artifacts/artifact-path.ts';
import { ArtifactStore } from '../../../../main/mlflow/artifacts/artifact-store.ts';
import { PartUploads } from '../../../../main/mlflow/artifacts/part-uploads.ts';
import { makeFolder } from '../make-store.ts';

function makeArtifacts() {
  const folder = makeFolder();
  return { folder, artifacts: new ArtifactStore(join(folder, 'artifacts'), join(folder, 'uploads')) };
}
const read = async (artifacts: ArtifactStore, path: string) => text((await artifacts.open(path)).read());

describe('an artifact path', () => {
  it.each([
    '..',
    'a/../../b',
    '/etc',
    'a\\b',
    'C:/x',
    '%2e%2e/x',
    '%252e%252e/x',
    'a#b',
    'file:///x',
    'a\u0000b',
    'a%00b',
    '..%2fx',
  ])('%s is refused', (path) => {
    expect(() => checkArtifactPath(path)).toThrow('Invalid path');
  });

  it('is cleaned, and keeps what may be in a name', () => {
    expect(checkArtifactPath('a//./b c/ü%.txt')).toBe('a/b c/ü%.txt');
    expect(checkArtifactPath('a%20b/...')).toBe('a b/...');
    expect(checkArtifactPath('')).toBe('');
  });

  it('is found in the URIs that mean this store', () => {
    expect(artifactPathOf('mlflow-artifacts:/1/r/artifacts')).toBe('1/r/artifacts');
    expect(artifactPathOf('mlflow-artifacts://localhost:5000/1/r')).toBe('1/r');
    expect(artifactPathOf('http://127.0.0.1:5000/api/2.0/mlflow-artifacts/artifacts/1/r')).toBe('1/r');
    expect(artifactPathOf('http://u:p@[::1]/ajax-api/2.0/mlflow-artifacts/artifacts/1/r')).toBe('1/r');
    // the servers of others have roots of their own
    expect(artifactPathOf('mlflow-artifacts://mlflow.site:5000/1/r')).toBeUndefined();
    expect(artifactPathOf('https://mlflow.site/api/2.0/mlflow-artifacts/artifacts/1/r')).toBeUndefined();
    expect(artifactPathOf('http://127.0.0.1.evil/api/2.0/mlflow-artifacts/artifacts/1/r')).toBeUndefined();
    expect(artifactPathOf('s3://bucket/1')).toBeUndefined();
    expect(artifactPathOf('file:///etc')).toBeUndefined();
    expect(() => artifactPathOf('mlflow-artifacts:/../x')).toThrow('Invalid path');
  });
});

describe('the artifacts of a store', () => {
  it('are written, listed, read and deleted', async () => {
    const { artifacts } = makeArtifacts();
    expect(await artifacts.list('r')).toEqual([]);
    await artifacts.write('r/b/two.txt', Readable.from([Buffer.from('tw'), Buffer.from('o')]));
    await artifacts.write('r/a.txt', 'one');
    await artifacts.write('r/a.txt', new Uint8Array([65]));
    expect(await artifacts.list('r')).toEqual([
      { path: 'r/a.txt', is_dir: false, file_size: 1 },
      { path: 'r/b', is_dir: true },
    ]);
    expect((await artifacts.listFiles('r')).map(({ path }) => path)).toEqual(['r/a.txt', 'r/b/two.txt']);
    expect(await read(artifacts, 'r/b/two.txt')).toBe('two');
    await artifacts.delete('r/b');
    await artifacts.delete('r/absent');
    expect((await artifacts.listFiles('')).map(({ path }) => path)).toEqual(['r/a.txt']);
    await expect(artifacts.open('r/absent')).rejects.toMatchObject({ code: 'RESOURCE_DOES_NOT_EXIST' });
    await expect(artifacts.open('r')).rejects.toThrow('refers to a directory');
    await expect(artifacts.delete('')).rejects.toThrow('Invalid path');
  });

  it('leave nothing of an upload that breaks off, and keep the file that was there', async () => {
    const { folder, artifacts } = makeArtifacts();
    await artifacts.write('r/a.txt', 'old');
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('new but n');
        throw new Error('gone');
      })(),
    );
    await expect(artifacts.write('r/a.txt', broken)).rejects.toThrow('gone');
    expect(await read(artifacts, 'r/a.txt')).toBe('old');
    expect(readdirSync(join(folder, 'uploads'))).toEqual([]);
  });

  it('do not follow links out of the store', async () => {
    const { folder, artifacts } = makeArtifacts();
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    await artifacts.write('r/a.txt', 'one');
    symlinkSync(join(folder, 'secret.txt'), join(folder, 'artifacts', 'r', 'link.txt'));
    symlinkSync(folder, join(folder, 'artifacts', 'out'));
    await expect(artifacts.open('r/link.txt')).rejects.toThrow('Invalid path');
    await expect(artifacts.write('out/made/by/x.txt', 'x')).rejects.toThrow('Invalid path');
    expect(existsSync(join(folder, 'made'))).toBe(false);
    await expect(artifacts.list('out')).rejects.toThrow('Invalid path');
    await expect(artifacts.write('out/new.txt', 'x')).rejects.toThrow('Invalid path');
    await expect(artifacts.delete('out')).rejects.toThrow('Invalid path');
    expect((await artifacts.list('r')).map(({ path }) => path)).toEqual(['r/a.txt']);
  });

  it('refuse a folder where a file is, and a file where a folder is', async () => {
    const { artifacts } = makeArtifacts();
    await artifacts.write('r/a', 'file');
    await artifacts.write('r/d/x', 'file');
    await expect(artifacts.write('r/a/b', 'x')).rejects.toMatchObject({ code: 'RESOURCE_CONFLICT' });
    await expect(artifacts.write('r/d', 'x')).rejects.toMatchObject({ code: 'RESOURCE_CONFLICT' });
  });

  it('are swept of drafts that are old, and of those alone', async () => {
    const { folder, artifacts } = makeArtifacts();
    mkdirSync(join(folder, 'uploads'));
    for (const name of ['old', 'young']) writeFileSync(join(folder, 'uploads', name), 'x');
    utimesSync(join(folder, 'uploads', 'old'), 1, 1);
    await artifacts.sweep(Date.now());
    expect(readdirSync(join(folder, 'uploads'))).toEqual(['young']);
  });
});

describe('an upload in parts', () => {
  const stream = (content: string) => Readable.from([Buffer.from(content)]);

  it('becomes a file when all parts are there as their sender knows them', async () => {
    const { folder, artifacts } = makeArtifacts();
    const uploads = new PartUploads(artifacts);
    const id = await uploads.begin('r/big.bin', 2);
    const second = await uploads.putPart(id, 2, stream('world'));
    const first = await uploads.putPart(id, 1, stream('hello '));
    const parts = [
      { number: 1, etag: first },
      { number: 2, etag: second },
    ];
    await expect(uploads.complete(id, 'r/big.bin', [{ number: 1, etag: first }])).rejects.toThrow(
      'not those',
    );
    await expect(uploads.complete(id, 'r/other.bin', parts)).rejects.toThrow('not those');
    await expect(uploads.complete(id, 'r/big.bin', [parts[0]!, { number: 2, etag: 'x' }])).rejects.toThrow(
      'Part 2',
    );
    await uploads.complete(id, 'r/big.bin', parts);
    expect(await read(artifacts, 'r/big.bin')).toBe('hello world');
    expect(readdirSync(join(folder, 'uploads'))).toEqual([]);
    await expect(uploads.putPart(id, 1, stream('x'))).rejects.toThrow('no such upload');
  });

  it('is given up without a trace', async () => {
    const { folder, artifacts } = makeArtifacts();
    const uploads = new PartUploads(artifacts);
    const id = await uploads.begin('r/big.bin', 3);
    await uploads.putPart(id, 1, stream('first'));
    await uploads.putPart(id, 1, stream('again'));
    expect(await uploads.abort(id)).toBe(true);
    expect(await uploads.abort(id)).toBe(false);
    expect(readdirSync(join(folder, 'uploads'))).toEqual([]);
    expect(() => uploads.begin('r/x', 0)).toThrow('number of parts');
    expect(() => uploads.begin('r/x', 10_001)).toThrow('number of parts');
  });

  it('takes no part that it did not ask for', async () => {
    const { artifacts } = makeArtifacts();
    const uploads = new PartUploads(artifacts);
    const id = await uploads.begin('r/big.bin', 1);
    await expect(uploads.putPart(id, 2, stream('x'))).rejects.toThrow('no part 2');
    await expect(uploads.putPart('guess', 1, stream('x'))).rejects.toThrow('no such upload');
  });
});
