import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FaultError } from '../../../common/fault.ts';
import { SECURITY_HEADERS } from '../../../main/resources/content-security.ts';
import { makeRequestHandler, type RequestHandler } from '../../../main/resources/handle-request.ts';
import type { ResourceRoute } from '../../../main/resources/resource-route.ts';

let folder: string;
let handle: RequestHandler;
const defects: unknown[] = [];

const notes: ResourceRoute = {
  noun: 'notes',
  maxBodyBytes: 10,
  async handle(request, segments) {
    if (segments[0] === 'missing')
      throw new FaultError({ code: 'file-missing', file: 'a.nii', message: 'It does not exist.' });
    if (segments[0] === 'wrong') throw new FaultError({ code: 'usage', message: 'So it cannot be.' });
    if (segments[0] === 'defect') throw new Error('the secret is in /home/somebody');
    return Response.json({ method: request.method, segments, body: await request.text() });
  },
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outerloop-ui-'));
  const ui = join(folder, 'renderer');
  mkdirSync(join(ui, 'assets'), { recursive: true });
  writeFileSync(join(ui, 'index.html'), '<meta nonce="__NONCE__"><style nonce="__NONCE__"></style>');
  writeFileSync(join(ui, 'assets', 'main-abc.js'), 'start();');
  writeFileSync(join(ui, 'assets', 'codec.wasm'), new Uint8Array([0, 97, 115, 109]));
  writeFileSync(join(ui, 'notes.txt'), 'not of the window');
  writeFileSync(join(folder, 'secret.json'), '{"secret": true}');
  symlinkSync(join(folder, 'secret.json'), join(ui, 'assets', 'link.json'));
  handle = makeRequestHandler({
    uiFolder: ui,
    routes: [notes],
    onDefect: (error) => (defects.push(error), 'c0ffee'),
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => void (defects.length = 0));

// The same answers to `serve` and to Electron's own scheme.
describe.each(['http://127.0.0.1:4567', 'app://outerloop'])('answers at %s', (origin) => {
  const get = (path: string, init?: RequestInit): Promise<Response> =>
    handle(new Request(`${origin}${path}`, init));

  it('with the page under a policy whose nonce is new every time', async () => {
    const nonces = new Set<string>();
    for (let load = 0; load < 3; load++) {
      const page = await get('/');
      const [, nonce] = /^<meta nonce="([^"]+)"><style nonce="\1">/.exec(await page.text())!;
      nonces.add(nonce!);
      expect(page.headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; " +
          `style-src 'self' 'nonce-${nonce}'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; ` +
          "worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
      );
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    }
    expect(nonces.size).toBe(3);
  });

  it('with built files, typed and kept by the browser', async () => {
    const script = await get('/assets/main-abc.js?x=1');
    expect(await script.text()).toBe('start();');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect(script.headers.get('content-length')).toBe('8');
    expect((await get('/assets/codec.wasm')).headers.get('content-type')).toBe('application/wasm');
  });

  it('to HEAD with the same headers and no body', async () => {
    const head = await get('/assets/main-abc.js', { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.headers.get('content-length')).toBe('8');
    expect(await head.text()).toBe('');
  });

  it.each([
    '/gone.js',
    '/assets',
    '/assets/',
    '/notes.txt',
    '/secret.json',
    '/../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/assets/../../secret.json',
    '/assets/..%5c..%5csecret.json',
    '//secret.json',
    '/assets/link.json',
    '/assets/main-abc.js%00.js',
    '/rpc',
    '/resource',
    '/resource/',
    '/resource/gone/1',
    '/resource/constructor/1',
  ])('404 to %s', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('secret');
    expect(defects).toEqual([]);
  });

  it('404 to what would change the window', async () => {
    expect((await get('/', { method: 'POST', body: 'x' })).status).toBe(404);
    expect((await get('/index.html', { method: 'DELETE' })).status).toBe(404);
  });

  it('by its routes, with decoded segments', async () => {
    const answer = await get('/resource/notes/a%2Fb/%C3%BC?q=1', { method: 'PUT', body: 'ten bytes!' });
    expect(await answer.json()).toEqual({ method: 'PUT', segments: ['a/b', 'ü'], body: 'ten bytes!' });
  });

  it('400 to a path that is not written correctly', async () => {
    expect((await get('/resource/notes/%E0%A4')).status).toBe(400);
  });

  it('404 to a missing file and 400 to other faults, with the faults', async () => {
    const missing = await get('/resource/notes/missing');
    expect([missing.status, await missing.json()]).toMatchObject([
      404,
      { faults: [{ code: 'file-missing' }] },
    ]);
    const wrong = await get('/resource/notes/wrong');
    expect([wrong.status, await wrong.json()]).toMatchObject([400, { faults: [{ code: 'usage' }] }]);
  });

  it('500 to a defect, naming it and nothing of it', async () => {
    const answer = await get('/resource/notes/defect');
    expect(answer.status).toBe(500);
    const text = await answer.text();
    expect(text).toContain('c0ffee');
    expect(text).not.toMatch(/secret|home/);
    expect(defects).toHaveLength(1);
  });

  it('413 to a body that is too long, announced or not', async () => {
    const announced = await get('/resource/notes/a', {
      method: 'PUT',
      body: 'eleven byte',
      headers: { 'content-length': '11' },
    });
    expect(announced.status).toBe(413);
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(8)) });
    const answer = await get('/resource/notes/a', {
      method: 'PUT',
      body: endless,
      duplex: 'half',
    } as RequestInit);
    expect(answer.status).toBe(413);
    expect(defects).toEqual([]);
  });

  it('with the headers of every answer', async () => {
    for (const path of ['/', '/assets/main-abc.js', '/gone', '/resource/notes/a', '/resource/notes/defect'])
      for (const [name, value] of Object.entries(SECURITY_HEADERS))
        expect((await get(path)).headers.get(name)).toBe(value);
  });
});
