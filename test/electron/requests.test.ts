import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listenOnPipe } from '../../main/backend/request-pipe.ts';
import { answerPages } from '../../main/electron/answer-pages.ts';
import { forwardRequests } from '../../main/electron/forward-request.ts';
import { makePipeAddress } from '../../main/node/pipe-address.ts';
import { SECURITY_HEADERS } from '../../main/resources/content-security.ts';
import { makeRequestHandler } from '../../main/resources/handle-request.ts';
import { makeFakeElectron } from './fake-electron.ts';

const secret = 's'.repeat(43);
const pipe = makePipeAddress();
let folder: string;
let close: () => Promise<void>;
let ask: (path: string, init?: RequestInit) => Promise<Response>;
const { handlers, parts } = makeFakeElectron();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outerloop-pages-'));
  writeFileSync(join(folder, 'index.html'), '<style nonce="__NONCE__"></style>');
  close = await listenOnPipe(
    pipe.address,
    secret,
    makeRequestHandler({
      uiFolder: undefined,
      routes: [
        {
          noun: 'echo',
          async handle(asked, segments) {
            if (segments[0] === 'none') return new Response(null, { status: 204 });
            if (segments[0] === 'large') return new Response(new Uint8Array(3_000_000).fill(7));
            return Response.json({
              method: asked.method,
              segments,
              search: new URL(asked.url).search,
              range: asked.headers.get('range'),
              cookie: asked.headers.get('cookie'),
              length: (await asked.arrayBuffer()).byteLength,
            });
          },
        },
      ],
      onDefect: () => 'c0ffee',
    }),
  );
  answerPages({
    protocol: parts.protocol,
    uiFolder: folder,
    forward: forwardRequests(pipe.address, secret),
    onDefect: () => 'c0ffee',
  });
  ask = async (path, init) => handlers.get('app')!(new Request(`app://outerloop${path}`, init));
});
afterAll(async () => {
  await close();
  pipe.remove();
  rmSync(folder, { recursive: true });
});

describe('app://outerloop', () => {
  it('answers the page with the policy of serve', async () => {
    const page = await ask('/');
    const [, nonce] = /nonce="([^"]+)"/.exec(await page.text())!;
    const served = await makeRequestHandler({ uiFolder: folder, routes: [], onDefect: () => '' })(
      new Request('http://127.0.0.1:1/'),
    );
    const [, servedNonce] = /nonce="([^"]+)"/.exec(await served.text())!;
    const policy = (response: Response, by: string): string =>
      response.headers.get('content-security-policy')!.replace(by, 'R');
    expect(policy(page, nonce!)).toBe(policy(served, servedNonce!));
    const headers = (response: Response): string[] => [...response.headers.keys()];
    expect(headers(page)).toEqual(headers(served));
  });

  it('lets the program behind answer for resources, with their headers', async () => {
    const answer = await ask('/resource/echo/a%2Fb?q=1', {
      headers: { range: 'bytes=0-9', cookie: 'no=1', 'x-other': '1' },
    });
    expect(await answer.json()).toEqual({
      method: 'GET',
      segments: ['a/b'],
      search: '?q=1',
      range: 'bytes=0-9',
      cookie: null,
      length: 0,
    });
    for (const [name, value] of Object.entries(SECURITY_HEADERS))
      expect(answer.headers.get(name)).toBe(value);
    expect(answer.headers.get('connection')).toBeNull();
  });

  it('streams bodies both ways', async () => {
    const up = await ask('/resource/echo/up', { method: 'POST', body: new Uint8Array(2_000_000) });
    expect(await up.json()).toMatchObject({ method: 'POST', length: 2_000_000 });
    const down = new Uint8Array(await (await ask('/resource/echo/large')).arrayBuffer());
    expect([down.byteLength, down[0], down.at(-1)]).toEqual([3_000_000, 7, 7]);
  });

  it('passes on answers without a body, and 404', async () => {
    expect((await ask('/resource/echo/none')).status).toBe(204);
    expect((await ask('/resource/echo/a', { method: 'HEAD' })).status).toBe(200);
    expect((await ask('/resource/gone/a')).status).toBe(404);
  });

  it('refuses other hosts of its scheme, and files', async () => {
    expect((await handlers.get('app')!(new Request('app://other/'))).status).toBe(403);
    expect((await handlers.get('file')!(new Request('file:///etc/passwd'))).status).toBe(403);
  });

  it('says when the program behind is not there', async () => {
    const gone = makeFakeElectron();
    answerPages({
      protocol: gone.parts.protocol,
      uiFolder: folder,
      forward: forwardRequests(join(folder, 'nobody'), secret),
      onDefect: () => 'c0ffee',
    });
    const answer = await gone.handlers.get('app')!(new Request('app://outerloop/resource/echo/a'));
    expect(answer.status).toBe(503);
  });
});

describe('the pipe', () => {
  const status = (headers: Record<string, string>): Promise<number> =>
    new Promise((resolve) => {
      request({ socketPath: pipe.address, path: '/resource/echo/a', headers }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      }).end();
    });

  it('lies where only its user may go', () => {
    if (process.platform === 'win32')
      return expect(pipe.address).toMatch(/^\\\\\.\\pipe\\outerloop-[0-9a-f]{32}$/);
    expect(statSync(dirname(pipe.address)).mode & 0o777).toBe(0o700);
    expect(pipe.address.length).toBeLessThan(100);
    expect(makePipeAddress('win32').address).toMatch(/^\\\\\.\\pipe\\outerloop-[0-9a-f]{32}$/);
  });

  it('answers nobody without the secret', async () => {
    expect(await status({})).toBe(403);
    expect(await status({ 'outerloop-secret': 'x'.repeat(43) })).toBe(403);
    expect(await status({ 'outerloop-secret': secret })).toBe(200);
  });

  it('is taken over from a process that was killed', async () => {
    const left = makePipeAddress();
    writeFileSync(left.address, '');
    const closeIt = await listenOnPipe(left.address, secret, async () => new Response());
    await closeIt();
    left.remove();
    expect(existsSync(dirname(left.address))).toBe(false);
  });
});
