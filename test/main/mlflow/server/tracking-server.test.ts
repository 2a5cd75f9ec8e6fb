import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startTrackingServer } from '../../../../main/mlflow/server/tracking-server.ts';
import {
  openTrackingStore,
  type TrackingStoreOptions,
} from '../../../../main/mlflow/store/tracking-store.ts';
import { makeFolder, makeStore } from '../make-store.ts';

async function start(options: { token?: string; store?: TrackingStoreOptions; folder?: string } = {}) {
  const folder = options.folder ?? makeFolder();
  const store = makeStore(options.store, folder);
  const defects: unknown[] = [];
  const server = await startTrackingServer({
    store,
    token: options.token,
    onDefect: (error) => defects.push(error),
  });
  onTestFinished(() => server.close());
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/api/2.0/mlflow/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  return { ...server, folder, store, post, defects };
}

/** A request with headers that fetch does not let through. */
function ask(
  url: string,
  headers: Record<string, string>,
  method = 'GET',
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode!, text }));
    });
    request.on('error', reject);
    request.end();
  });
}

describe('who may ask the tracking server', () => {
  it('is who brings the token, as bearer or as a password', async () => {
    const { url } = await start({ token: 'secret-token' });
    const get = (authorization?: string) =>
      fetch(
        `${url}/api/2.0/mlflow/experiments/get?experiment_id=0`,
        authorization === undefined ? {} : { headers: { authorization } },
      );
    const refused = await get();
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('Bearer');
    expect(await refused.json()).toMatchObject({
      error_code: 'UNAUTHENTICATED',
      message: expect.stringContaining('MLFLOW_TRACKING_TOKEN'),
    });
    await expect((await get('Bearer old')).json()).resolves.toMatchObject({
      message: expect.stringMatching(
        /^This is not the token .* http:\/\/outerloop:TOKEN@127\.0\.0\.1:PORT\.$/,
      ),
    });
    const basic = (password: string) => `Basic ${Buffer.from(`anyone:${password}`).toString('base64')}`;
    for (const wrong of [
      'Bearer secret-toke',
      'Bearer secret-tokeN',
      'Bearer',
      basic('x'),
      'Digest secret-token',
    ])
      expect((await get(wrong)).status).toBe(401);
    for (const right of ['Bearer secret-token', 'bearer secret-token', basic('secret-token')])
      expect((await get(right)).status).toBe(200);
  });

  it('needs no token to find out that it is there, and learns nothing else without', async () => {
    const { url } = await start({ token: 'secret-token' });
    expect(await (await fetch(`${url}/health`)).text()).toBe('OK');
    expect(await (await fetch(`${url}/version`)).text()).toBe('3.17.2');
    for (const path of [
      '/api/3.0/mlflow/server-info',
      '/nothing',
      '/get-artifact',
      '/api/2.0/mlflow-artifacts/artifacts/x',
    ])
      expect((await fetch(url + path)).status).toBe(401);
  });

  it('is no page of another place, and nobody who calls this machine by another name', async () => {
    const { url, port } = await start();
    const path = `${url}/api/2.0/mlflow/experiments/get?experiment_id=0`;
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example', '10.0.0.1'])
      expect((await ask(path, { host })).status).toBe(403);
    for (const host of [`localhost:${port}`, '127.0.0.1', `[::1]:${port}`])
      expect((await ask(path, { host })).status).toBe(200);
    expect((await ask(path, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await ask(path, { origin: 'null' })).status).toBe(403);
    expect((await ask(path, { host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}` })).status).toBe(
      200,
    );
    const preflight = await ask(
      path,
      { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
      'OPTIONS',
    );
    expect(preflight.status).toBe(403);
    const answer = await fetch(path);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('is on this machine: only 127.0.0.1 is listened to, and a taken port is said', async () => {
    const { store, port, url } = await start();
    expect(url).toBe(`http://127.0.0.1:${port}`);
    await expect(startTrackingServer({ store, port, token: undefined })).rejects.toMatchObject({
      faults: [{ code: 'usage', argument: '--port', message: `Port ${port} cannot be used: EADDRINUSE.` }],
    });
  });
});

describe('what the tracking server refuses', () => {
  it('is a body that is too large, before it has come', async () => {
    const { url, post } = await start();
    const { port } = new URL(url);
    const huge = { port, host: '127.0.0.1', path: '/api/2.0/mlflow/experiments/create', method: 'POST' };
    const request = httpRequest({
      ...huge,
      headers: { 'content-type': 'application/json', 'content-length': 30_000_000 },
    });
    request.on('error', () => undefined);
    request.write('{"name": "');
    const [response] = (await once(request, 'response')) as [
      { statusCode: number; headers: Record<string, string> },
    ];
    expect([response.statusCode, response.headers['connection']]).toEqual([413, 'close']);
    request.destroy();
    expect((await post('experiments/create', { name: 'still there' })).status).toBe(200);
  });

  it("is said in MLflow's codes for what is wrong with the store", async () => {
    const folder = makeFolder();
    openTrackingStore(folder).close();
    const { post } = await start({ folder, store: { busyTimeoutMs: 20 } });
    const other = new DatabaseSync(join(folder, 'mlflow.db'));
    other.exec('BEGIN IMMEDIATE');
    const locked = await post('experiments/create', { name: 'x' });
    expect([locked.status, await locked.json()]).toEqual([
      503,
      {
        error_code: 'TEMPORARILY_UNAVAILABLE',
        message: 'mlflow.db: Another program has locked the tracking database.',
      },
    ]);
    other.exec('ROLLBACK');
    other.close();
    expect((await post('experiments/create', { name: 'x' })).status).toBe(200);
  });

  it('is every change of a store that may only be read', async () => {
    const folder = makeFolder();
    openTrackingStore(folder).close();
    const { post, url, folder: place } = await start({ folder, store: { readOnly: true } });
    const refused = await post('experiments/create', { name: 'x' });
    expect([refused.status, await refused.json()]).toMatchObject([403, { error_code: 'PERMISSION_DENIED' }]);
    const file = `${url}/api/2.0/mlflow-artifacts/artifacts/0/a.txt`;
    expect((await fetch(file, { method: 'PUT', body: 'x' })).status).toBe(403);
    expect((await fetch(file, { method: 'DELETE' })).status).toBe(403);
    expect((await fetch(`${url}/api/2.0/mlflow/experiments/get?experiment_id=0`)).status).toBe(200);
    expect(existsSync(join(place, 'artifacts', '0'))).toBe(false);
  });

  it('names no place of this machine when something unexpected happens', async () => {
    const { post, store, defects } = await start();
    store.close();
    const answer = await post('experiments/create', { name: 'x' });
    expect([answer.status, await answer.json()]).toEqual([
      500,
      { error_code: 'INTERNAL_ERROR', message: 'An unexpected error occurred in the tracking server.' },
    ]);
    expect(defects).toHaveLength(1);
  });

  it('is a method that an address does not have, with those that it has', async () => {
    const { url } = await start();
    const answer = await fetch(`${url}/api/2.0/mlflow/logged-models/m-1`, { method: 'PUT' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, PATCH, DELETE']);
  });
});

describe('files of the tracking server', () => {
  const route = '/api/2.0/mlflow-artifacts/artifacts';

  it('go in and out as they are, in whole and in part', async () => {
    const { url, folder } = await start();
    const content = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7) % 256));
    const put = await fetch(`${url}${route}/0/r/artifacts/a%20b.bin`, { method: 'PUT', body: content });
    expect([put.status, await put.text()]).toEqual([200, '']);
    const whole = await fetch(`${url}${route}/0/r/artifacts/a%20b.bin`);
    expect(Buffer.from(await whole.arrayBuffer()).equals(content)).toBe(true);
    expect(whole.headers.get('content-disposition')).toBe('attachment; filename="a b.bin"');
    const read = async (range: string) => {
      const response = await fetch(`${url}${route}/0/r/artifacts/a%20b.bin`, { headers: { range } });
      return [
        response.status,
        response.headers.get('content-range'),
        Buffer.from(await response.arrayBuffer()).length,
      ];
    };
    expect(await read('bytes=10-19')).toEqual([206, 'bytes 10-19/300000', 10]);
    expect(await read('bytes=299990-')).toEqual([206, 'bytes 299990-299999/300000', 10]);
    expect(await read('bytes=-5')).toEqual([206, 'bytes 299995-299999/300000', 5]);
    expect(await read('bytes=400000-')).toEqual([416, 'bytes */300000', 0]);
    expect(await read('lines=1-2')).toEqual([200, null, 300_000]);
    const head = await fetch(`${url}${route}/0/r/artifacts/a%20b.bin`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '300000']);
    expect(readdirSync(join(folder, 'uploads'))).toEqual([]);
  });

  it('that break off on the way leave nothing, and the server goes on', async () => {
    const { url, folder, defects } = await start();
    const { port } = new URL(url);
    const request = httpRequest({
      port,
      host: '127.0.0.1',
      method: 'PUT',
      path: `${route}/0/half.bin`,
      headers: { 'content-length': 1_000_000 },
    });
    request.on('error', () => undefined);
    request.write(Buffer.alloc(100_000));
    await sleep(100);
    request.destroy();
    await sleep(200);
    expect(existsSync(join(folder, 'artifacts', '0', 'half.bin'))).toBe(false);
    expect(readdirSync(join(folder, 'uploads'))).toEqual([]);
    expect(defects).toEqual([]);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  it('are never shown as a page', async () => {
    const { url, store } = await start();
    await store.artifacts.write('0/r/page.html', '<script>alert(1)</script>');
    const answer = await fetch(`${url}${route}/0/r/page.html`);
    expect(answer.headers.get('content-type')).toBe('text/plain');
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('may come in parts, each to an address of its own', async () => {
    const { url, store } = await start({ token: 'secret-token' });
    const headers = { authorization: 'Bearer secret-token', 'content-type': 'application/json' };
    const send = async (path: string, body: unknown) => {
      const response = await fetch(`${url}/api/2.0/mlflow-artifacts/mpu/${path}/0/r/artifacts`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      return {
        status: response.status,
        body: (await response.json()) as {
          upload_id: string;
          credentials: { url: string; part_number: number }[];
        },
      };
    };
    const { body: upload } = await send('create', { path: '/home/me/big.bin', num_parts: 2 });
    const parts = [];
    for (const { url: address, part_number } of upload.credentials) {
      const put = await fetch(address, { method: 'PUT', body: `part ${part_number};` });
      parts.push({ part_number, etag: put.headers.get('etag'), url: address });
    }
    expect(
      (await send('complete', { path: 'big.bin', upload_id: upload.upload_id, parts: parts.slice(1) }))
        .status,
    ).toBe(400);
    expect((await send('complete', { path: 'big.bin', upload_id: upload.upload_id, parts })).status).toBe(
      200,
    );
    expect((await store.artifacts.open('0/r/artifacts/big.bin')).sizeBytes).toBe('part 1;part 2;'.length);
    const { body: other } = await send('create', { path: 'other.bin', num_parts: 1 });
    expect((await send('abort', { path: 'other.bin', upload_id: other.upload_id })).status).toBe(200);
    expect((await fetch(other.credentials[0]!.url, { method: 'PUT', body: 'x' })).status).toBe(404);
  });
});
