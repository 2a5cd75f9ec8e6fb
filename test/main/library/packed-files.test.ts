import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { packedUploadAddress } from '../../../common/api/library.ts';
import { PackedFiles } from '../../../main/library/packed-files.ts';
import { codesOf, openShelf, type TestShelf } from './fixtures.ts';

let shelf: TestShelf;
let packed: PackedFiles;
beforeEach(() => {
  shelf = openShelf();
  packed = new PackedFiles(shelf.dataFolder);
});
afterEach(() => shelf.remove());

function ask(method: string, address: string, body?: string): Promise<Response> {
  const url = new URL(address, 'http://127.0.0.1');
  const segments = url.pathname.split('/').slice(3).map(decodeURIComponent);
  const init = body === undefined ? { method } : { method, body, duplex: 'half' };
  return packed.route.handle(new Request(url, init as RequestInit), segments);
}

it('takes an upload and finds it under its id', async () => {
  const response = await ask('POST', packedUploadAddress('my model.mmar'), 'bytes');
  const { upload } = (await response.json()) as { upload: string };
  const file = await packed.find(upload);
  expect(file.endsWith('my model.mmar')).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe('bytes');
  await packed.delete(upload);
  expect(await codesOf(packed.find(upload))).toEqual(['file-missing']);
});

it('keeps an upload in its folder whatever its name is', async () => {
  for (const name of ['../../evil.mmar', '..\\evil.mmar', '.hidden', '/etc/x.mmar']) {
    const response = await ask('POST', packedUploadAddress(name), 'bytes');
    const { upload } = (await response.json()) as { upload: string };
    expect((await packed.find(upload)).startsWith(join(shelf.dataFolder, 'packed', upload))).toBe(true);
  }
  expect(existsSync(join(shelf.dataFolder, 'evil.mmar'))).toBe(false);
});

it('refuses an upload without content, and leaves nothing', async () => {
  expect(await codesOf(ask('POST', packedUploadAddress('a.mmar')))).toEqual(['archive']);
  expect(readdirSync(join(shelf.dataFolder, 'packed'))).toEqual([]);
});

it('gives a packed file once', async () => {
  const { file, address } = await packed.makePlace('liver ü.mmar');
  writeFileSync(file, 'packed');
  const response = await ask('GET', address);
  expect(response.headers.get('Content-Disposition')).toBe(
    "attachment; filename*=UTF-8''liver%20%C3%BC.mmar",
  );
  expect(await response.text()).toBe('packed');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await codesOf(ask('GET', address))).toEqual(['file-missing']);
});

it('knows no other addresses, and no ids that lead elsewhere', async () => {
  expect((await ask('GET', '/resource/library/upload/x')).status).toBe(404);
  expect((await ask('DELETE', '/resource/library/packed/x')).status).toBe(404);
  expect(await codesOf(packed.find('..'))).toEqual(['file-missing']);
});

it('deletes what another start has left', async () => {
  const { file } = await packed.makePlace('a.mmar');
  writeFileSync(file, 'packed');
  await packed.clear();
  expect(existsSync(file)).toBe(false);
});
