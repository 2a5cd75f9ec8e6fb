import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallOptions } from '../../../../main/mlflow/client/repeated-calls.ts';
import { TrackingClient } from '../../../../main/mlflow/client/tracking-client.ts';
import { TrackingFailure } from '../../../../main/mlflow/client/tracking-failure.ts';
import type { Credentials } from '../../../../main/mlflow/client/tracking-target.ts';
import { startFlakyServer, type FlakyServer } from './flaky-server.ts';

let server: FlakyServer;
let clients: TrackingClient[];
beforeEach(async () => {
  server = await startFlakyServer();
  clients = [];
});
afterEach(async () => {
  for (const client of clients) client.close();
  await server.close();
});

const retry = { attempts: 4, baseMs: 1, capMs: 200 };

function connect(options: CallOptions = {}, credentials: Credentials = { kind: 'none' }): TrackingClient {
  const client = new TrackingClient({ url: server.url, credentials }, { retry, ...options });
  clients.push(client);
  return client;
}

async function failureOf(call: Promise<unknown>): Promise<TrackingFailure> {
  const error: unknown = await call.then(
    () => new Error('it worked'),
    (caught: unknown) => caught,
  );
  if (error instanceof TrackingFailure) return error;
  throw error;
}

const RUN = {
  info: {
    run_id: 'r1',
    experiment_id: '1',
    status: 'RUNNING',
    artifact_uri: 'mlflow-artifacts:/1/r1/artifacts',
  },
};

describe('the tracking client', () => {
  it.each([[429], [500], [502], [503], [504], [408]])('tries again after %i', async (status) => {
    server.reply({ status }, { status }, { status: 200, body: { run: RUN } });
    await expect(connect().getRun('r1')).resolves.toMatchObject({
      info: { run_id: 'r1' },
      data: { params: [] },
    });
    expect(server.requests).toHaveLength(3);
  });

  it('tries again when the connection breaks', async () => {
    server.reply('broken', 'broken', { status: 200, text: '3.17.2' });
    await expect(connect().version()).resolves.toBe('3.17.2');
  });

  it('gives up after its attempts, and says what the server said', async () => {
    server.reply({ status: 503, body: { error_code: 'TEMPORARILY_UNAVAILABLE', message: 'starting' } });
    const failure = await failureOf(connect().getRun('r1'));
    expect(failure).toMatchObject({
      kind: 'answer',
      status: 503,
      errorCode: 'TEMPORARILY_UNAVAILABLE',
      isPassing: true,
    });
    expect(failure.message).toBe('the server answered 503 TEMPORARILY_UNAVAILABLE: starting');
    expect(server.requests).toHaveLength(4);
  });

  it('waits as long as Retry-After says', async () => {
    server.reply({ status: 429, headers: { 'retry-after': '1' } }, { status: 200, text: '3.1.0' });
    const begun = performance.now();
    await connect({ retry: { attempts: 2, baseMs: 1, capMs: 5000 } }).version();
    expect(performance.now() - begun).toBeGreaterThan(950);
  });

  it.each([
    [400, 'answer'],
    [401, 'refused'],
    [403, 'refused'],
    [501, 'answer'],
  ] as const)('does not repeat a call that was refused with %i', async (status, kind) => {
    server.reply({ status, body: { error_code: 'X', message: 'no' } });
    expect(await failureOf(connect().getRun('r1'))).toMatchObject({ kind, status, isPassing: false });
    expect(server.requests).toHaveLength(1);
  });

  it('sends the making of a run once', async () => {
    server.reply('broken', { status: 200, body: { run: RUN } });
    const failure = await failureOf(connect().createRun({ experiment_id: '1' }));
    expect(failure.kind).toBe('unreachable');
    expect(server.requests).toHaveLength(1);
  });

  it('gives up on a server that says nothing', async () => {
    server.reply('silent');
    const client = connect({ timeoutMs: 80, retry: { attempts: 2, baseMs: 1, capMs: 1 } });
    const failure = await failureOf(client.version());
    expect(failure).toMatchObject({
      kind: 'timeout',
      message: 'the server did not answer within 0.08 seconds',
    });
    expect(server.requests).toHaveLength(2);
  });

  it('ends at once when it is cancelled, in a call and between two', async () => {
    for (const reply of ['silent', { status: 503 }] as const) {
      server.reply(reply);
      const stop = new AbortController();
      const call = connect({
        signal: stop.signal,
        retry: { attempts: 9, baseMs: 60_000, capMs: 60_000 },
      }).version();
      setTimeout(() => stop.abort(new Error('enough')), 50);
      await expect(call).rejects.toThrow('enough');
    }
  });

  it('says when nobody listens there', async () => {
    const client = connect({ retry: { attempts: 2, baseMs: 1, capMs: 1 } });
    await server.close();
    expect(await failureOf(client.version())).toMatchObject({
      kind: 'unreachable',
      message: 'no connection to the server (ECONNREFUSED)',
    });
    server = await startFlakyServer();
  });

  it('takes a login page or another program for what it is', async () => {
    server.reply({ status: 200, text: '<html>Sign in</html>' });
    expect(await failureOf(connect().version())).toMatchObject({ kind: 'not-mlflow' });
    expect(await failureOf(connect().getRun('r1'))).toMatchObject({ kind: 'not-mlflow' });
    server.reply({ status: 200, body: { run: { info: {} } } });
    expect(await failureOf(connect().getRun('r1'))).toMatchObject({ kind: 'not-mlflow' });
  });

  it('shows its token or its user and password', async () => {
    server.reply({ status: 200, text: '3.1.0' });
    await connect({}, { kind: 'bearer', token: 'abc' }).version();
    await connect({}, { kind: 'basic', username: 'jo', password: 'pässword' }).version();
    const basic = Buffer.from('jo:pässword').toString('base64');
    expect(server.requests.map(({ authorization }) => authorization)).toEqual([
      'Bearer abc',
      `Basic ${basic}`,
    ]);
  });

  it('collects all pages', async () => {
    const page = (key: string, next?: string) => ({
      status: 200,
      body: {
        metrics: [{ key, value: 'NaN', timestamp: 1 }],
        ...(next === undefined ? {} : { next_page_token: next }),
      },
    });
    server.reply(page('a', 't/1'), page('b'));
    const history = await connect().metricHistory('r1', 'loss 1');
    expect(history).toEqual([
      { key: 'a', value: NaN, timestamp: 1, step: 0 },
      { key: 'b', value: NaN, timestamp: 1, step: 0 },
    ]);
    expect(server.requests[1]!.url).toContain('metric_key=loss+1&max_results=20000&page_token=t%2F1');
  });

  it('sends numbers that JSON lacks by their names', async () => {
    const metrics = [NaN, Infinity, -Infinity, 0.5].map((value, step) => ({
      key: 'loss',
      value,
      timestamp: 1,
      step,
    }));
    await connect().logBatch({ run_id: 'r1', metrics });
    const sent = JSON.parse(server.requests[0]!.body) as { metrics: { value: unknown }[] };
    expect(sent.metrics.map(({ value }) => value)).toEqual(['NaN', 'Infinity', '-Infinity', 0.5]);
  });

  it('knows a run that is not there from one that cannot be reached', async () => {
    server.reply({ status: 404, body: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'no' } });
    await expect(connect().getRun('r1')).resolves.toBeUndefined();
    server.reply({ status: 404, text: 'no such page' });
    expect(await failureOf(connect().getRun('r1'))).toMatchObject({ status: 404 });
  });

  it('streams files anew with each attempt, and quotes their names', async () => {
    server.reply('broken', { status: 200 });
    const open = () => Readable.from([Buffer.from('12345'), Buffer.from('678')]);
    await connect().uploadArtifact(RUN.info.artifact_uri, 'a b/ü#.txt', { sizeBytes: 8, open });
    expect(server.requests.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['PUT', '/api/2.0/mlflow-artifacts/artifacts/1/r1/artifacts/a%20b/%C3%BC%23.txt', '12345678'],
      ['PUT', '/api/2.0/mlflow-artifacts/artifacts/1/r1/artifacts/a%20b/%C3%BC%23.txt', '12345678'],
    ]);
    server.reply({ status: 200, text: 'bytes' });
    const download = await connect().downloadArtifact('mlflow-artifacts://host:5000/1/r1/artifacts', 'x');
    await expect(text(download)).resolves.toBe('bytes');
  });

  it('refuses artifacts that the server does not take itself', async () => {
    const upload = { sizeBytes: 0, open: () => Readable.from([]) };
    const failure = await failureOf(connect().uploadArtifact('s3://bucket/1', 'x', upload));
    expect(failure.message).toContain('--no-serve-artifacts');
    expect(server.requests).toEqual([]);
  });
});
