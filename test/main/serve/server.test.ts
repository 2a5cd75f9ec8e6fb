import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Channel } from '../../../common/rpc/channel.ts';
import { SECURITY_HEADERS } from '../../../main/resources/content-security.ts';
import { startServer, type AppServer } from '../../../main/serve/server.ts';

let server: AppServer;
let cookie: string;
const attach = vi.fn();
const asked: Request[] = [];

beforeAll(async () => {
  server = await startServer({
    attach,
    handleRequest: async (request) => {
      asked.push(request);
      return new Response(request.method === 'POST' ? await request.text() : 'the window', {
        headers: { 'Content-Type': 'text/plain', ...SECURITY_HEADERS },
      });
    },
  });
  cookie = (await ask({ path: tokenPath() })).headers['set-cookie']![0]!.split(';')[0]!;
});
afterAll(() => server.close());

const tokenPath = (): string => server.url.slice(server.url.indexOf('/', 'http://'.length));
const host = (): string => `127.0.0.1:${server.port}`;

interface Ask {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** Asks as no browser could: with any header. */
async function ask({
  path = '/',
  method = 'GET',
  headers = {},
  body,
}: Ask): Promise<IncomingMessage & { text: string }> {
  const outgoing = httpRequest({ host: '127.0.0.1', port: server.port, path, method, headers });
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return Object.assign(response, { text });
}

/** The status of an attempt to open a socket; 101 when it opened. */
async function tryUpgrade(path: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(`ws://${host()}${path}`, { headers });
  const refused = once(socket, 'unexpected-response') as Promise<[unknown, IncomingMessage]>;
  socket.on('error', () => undefined);
  const status = await Promise.race([
    once(socket, 'open').then(() => 101),
    refused.then(([, { statusCode }]) => statusCode!),
  ]);
  socket.terminate();
  return status;
}

describe('the address with the token', () => {
  it('becomes a cookie that no script reads, and goes', async () => {
    const answer = await ask({ path: tokenPath() });
    expect(answer.statusCode).toBe(303);
    expect(answer.headers.location).toBe('/');
    expect(answer.headers['cache-control']).toBe('no-store');
    const token = new URL(server.url).searchParams.get('token')!;
    expect(answer.headers['set-cookie']).toEqual([
      `outerloop-${server.port}=${token}; HttpOnly; SameSite=Strict; Path=/`,
    ]);
  });

  it('goes also when the browser has the cookie already', async () => {
    expect((await ask({ path: tokenPath(), headers: { cookie } })).statusCode).toBe(303);
  });

  it('is for loopback only', async () => {
    expect(new URL(server.url).hostname).toBe('127.0.0.1');
    await expect(
      new Promise((resolve, reject) => {
        // Another address of this machine's loopback network: nobody listens there.
        connect({ host: '127.0.0.2', port: server.port }, () => resolve('connected')).on('error', reject);
      }),
    ).rejects.toThrow('ECONNREFUSED');
  });

  it.each(['?token=', '?token=wrong', '?other=1', ''])(
    'is needed: %j is refused with what to do',
    async (query) => {
      const answer = await ask({ path: `/${query}` });
      expect(answer.statusCode).toBe(403);
      expect(answer.text).toContain('outerloop serve');
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
    },
  );

  it('is asked for by a page, which holds nothing else and runs nothing', async () => {
    const answer = await ask({ path: '/', headers: { accept: 'text/html,*/*' } });
    expect(answer.statusCode).toBe(403);
    expect(answer.text).toContain('<form method="get" action="/">');
    expect(answer.text).toContain('outerloop serve');
    expect(answer.text).not.toMatch(/<script| on\w+=| style=|src=/);
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none'; style-src 'nonce-[^']+'; form-action 'self'/);
    expect(answer.text).toContain(`<style nonce="${/nonce-([^']+)'/.exec(policy)![1]}">`);
    expect(asked).toEqual([]);
    // A foreign page gets no page at all.
    const foreign = await ask({ headers: { accept: 'text/html', host: 'evil.example' } });
    expect(foreign.text).toBe('Refused.\n');
  });

  it('is taken from a pasted address too', async () => {
    const printed = `http://${host()}${tokenPath()}`;
    const answer = await ask({ path: `/?token=${encodeURIComponent(` ${printed} `)}` });
    expect(answer.statusCode).toBe(303);
    expect(answer.headers['set-cookie']).toBeDefined();
  });

  it('opens pages only', async () => {
    expect((await ask({ path: tokenPath(), method: 'POST' })).statusCode).toBe(403);
  });
});

describe('who may ask', () => {
  it('the window: with its cookie, from its own origin', async () => {
    const headers = { cookie, origin: `http://${host()}`, 'sec-fetch-site': 'same-origin' };
    expect((await ask({ headers })).text).toBe('the window');
    expect((await ask({ headers: { cookie: `other=1; ${cookie}; x` } })).statusCode).toBe(200);
    expect((await ask({ headers: { cookie, host: `localhost:${server.port}` } })).statusCode).toBe(200);
  });

  it.each<readonly [string, () => Record<string, string>]>([
    ['a wrong cookie', () => ({ cookie: `outerloop-${server.port}=wrong` })],
    ["another server's cookie", () => ({ cookie: cookie.replace(String(server.port), '1') })],
    ['a foreign name for this machine', () => ({ cookie, host: `evil.example:${server.port}` })],
    ['another port in Host', () => ({ cookie, host: '127.0.0.1:1' })],
    ['a page of another site', () => ({ cookie, origin: 'https://evil.example' })],
    ['a page of another port', () => ({ cookie, origin: 'http://127.0.0.1:1' })],
    ['a page without an origin', () => ({ cookie, origin: 'null' })],
    ['an image in a page of another port', () => ({ cookie, 'sec-fetch-site': 'same-site' })],
    ['an image in a page of another site', () => ({ cookie, 'sec-fetch-site': 'cross-site' })],
  ])('not %s', async (_, headers) => {
    asked.length = 0;
    expect((await ask({ headers: headers() })).statusCode).toBe(403);
    expect(asked).toEqual([]);
  });

  it('not a foreign name with the right token', async () => {
    const answer = await ask({ path: tokenPath(), headers: { host: `evil.example:${server.port}` } });
    expect(answer.statusCode).toBe(403);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });
});

describe('the socket', () => {
  const good = (): Record<string, string> => ({ cookie, origin: `http://${host()}` });

  it('opens for the window', async () => {
    attach.mockClear();
    expect(await tryUpgrade('/rpc', good())).toBe(101);
    expect(attach).toHaveBeenCalledOnce();
  });

  it.each<readonly [string, string, () => Record<string, string>]>([
    ['without a cookie', '/rpc', () => ({ origin: `http://${host()}` })],
    ['with the token in the address', '/rpc?token=x', good],
    ['at another path', '/socket', good],
    ['without an origin', '/rpc', () => ({ cookie })],
    ['from another site', '/rpc', () => ({ cookie, origin: 'https://evil.example' })],
    ['from another port', '/rpc', () => ({ cookie, origin: 'http://127.0.0.1:1' })],
    ['under a foreign name', '/rpc', () => ({ ...good(), host: 'evil.example' })],
  ])('does not open %s', async (_, path, headers) => {
    attach.mockClear();
    expect(await tryUpgrade(path, headers())).toBe(403);
    expect(attach).not.toHaveBeenCalled();
  });

  it('closes on frames that are too large', async () => {
    const onClose = vi.fn();
    attach.mockImplementationOnce((channel: Channel) => channel.onClose(onClose));
    const socket = new WebSocket(`ws://${host()}/rpc`, { headers: good() });
    await once(socket, 'open');
    socket.send(Buffer.alloc(64 * 1024 ** 2 + 1, ' '));
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1009);
    await vi.waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  });

  it('outlives a peer that resets the connection', async () => {
    for (const path of ['/rpc', '/elsewhere']) {
      const peer = connect(server.port, '127.0.0.1');
      await once(peer, 'connect');
      peer.write(
        `GET ${path} HTTP/1.1\r\nHost: ${host()}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      );
      peer.resetAndDestroy();
    }
    expect(await tryUpgrade('/rpc', good())).toBe(101);
  });
});

describe('requests', () => {
  it('reach the app with method, headers and body', async () => {
    const answer = await ask({
      path: '/resource/uploads/1?a=b',
      method: 'POST',
      headers: { cookie },
      body: 'bytes',
    });
    expect(answer.text).toBe('bytes');
    const { method, url } = asked.at(-1)!;
    expect({ method, url }).toEqual({ method: 'POST', url: `http://${host()}/resource/uploads/1?a=b` });
  });

  it('are answered without a body for HEAD', async () => {
    const answer = await ask({ method: 'HEAD', headers: { cookie } });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('text/plain');
    expect(answer.text).toBe('');
  });

  it.each([
    ['OPTIONS', '/'],
    ['TRACE', '/'],
    ['GET', 'http://evil.example/'],
    ['GET', 'evil'],
  ])('of no kind of ours are refused: %s %s', async (method, path) => {
    asked.length = 0;
    const answer = await ask({ method, path, headers: { cookie } });
    expect(answer.statusCode).toBe(400);
    expect(asked).toEqual([]);
  });

  it('keep to our address whatever the path looks like', async () => {
    await ask({ path: '//evil.example/x', headers: { cookie } });
    expect(new URL(asked.at(-1)!.url).host).toBe(host());
  });

  it('are answered with the headers that every answer has', async () => {
    for (const answer of [
      await ask({ headers: { cookie } }),
      await ask({}),
      await ask({ path: tokenPath() }),
    ])
      for (const [name, value] of Object.entries(SECURITY_HEADERS))
        expect(answer.headers[name.toLowerCase()]).toBe(value);
  });
});

describe('the port', () => {
  it('that is in use says so', async () => {
    await expect(
      startServer({ attach, handleRequest: async () => new Response() }, { port: server.port }),
    ).rejects.toMatchObject({ faults: [{ code: 'usage', argument: '--port' }] });
  });
});
