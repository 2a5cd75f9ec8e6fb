import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ONCE } from '../../../../main/mlflow/client/backoff.ts';
import { TrackingClient } from '../../../../main/mlflow/client/tracking-client.ts';
import {
  describeTarget,
  parseTrackingUrl,
  readCertificates,
  readTrackingEnvironment,
  type TrackingTarget,
} from '../../../../main/mlflow/client/tracking-target.ts';

const fixtures = resolve(import.meta.dirname, '../../../fixtures/tls');
const authority = join(fixtures, 'ca.pem');

describe('the address of a tracking server', () => {
  it.each([
    ['https://mlflow.hospital.example', 'https://mlflow.hospital.example'],
    ['http://127.0.0.1:5000/', 'http://127.0.0.1:5000'],
    ['https://site.example/tools/mlflow//', 'https://site.example/tools/mlflow'],
  ])('%s', (text, url) => expect(parseTrackingUrl(text)).toBe(url));

  it.each(['mlruns', 'sqlite:///x.db', 'https://jo:secret@site.example', 'https://site.example/?a=1', ''])(
    'is not %s',
    (text) => expect(() => parseTrackingUrl(text)).toThrow('no address of an MLflow server'),
  );

  it('is told to others without its path', () =>
    expect(describeTarget({ url: 'https://site.example:8443/jo/mlflow' })).toBe('https://site.example:8443'));
});

describe("the variables of MLflow's client", () => {
  const MLFLOW_TRACKING_URI = 'https://site.example';

  it('name the server and the token', () =>
    expect(readTrackingEnvironment({ MLFLOW_TRACKING_URI, MLFLOW_TRACKING_TOKEN: 't' })).toEqual({
      url: 'https://site.example',
      credentials: { kind: 'bearer', token: 't' },
    }));

  it('prefer user and password to a token', () =>
    expect(
      readTrackingEnvironment({
        MLFLOW_TRACKING_URI,
        MLFLOW_TRACKING_TOKEN: 't',
        MLFLOW_TRACKING_USERNAME: 'jo',
        MLFLOW_TRACKING_PASSWORD: 'p',
        MLFLOW_TRACKING_INSECURE_TLS: 'true',
        MLFLOW_TRACKING_SERVER_CERT_PATH: authority,
      }),
    ).toEqual({
      url: 'https://site.example',
      credentials: { kind: 'basic', username: 'jo', password: 'p' },
      insecureTls: true,
      ca: readFileSync(authority, 'utf8'),
    }));

  it('name none where they mean a folder or a database', () => {
    for (const uri of [undefined, 'mlruns', 'sqlite:///mlflow.db', 'databricks'])
      expect(readTrackingEnvironment({ MLFLOW_TRACKING_URI: uri })).toBeUndefined();
  });

  it('are refused with a file that is no certificate or is not there, by its name alone', () => {
    expect(() => readCertificates(join(fixtures, 'README.md'))).toThrow(
      'README.md: The file holds no certificate.',
    );
    expect(() => readCertificates(join(fixtures, 'gone.pem'))).toThrow(/^gone\.pem: It does not exist\.$/);
  });
});

describe('a server with a certificate of the site', () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    const [key, cert] = ['server.key', 'server.pem'].map((file) => readFileSync(join(fixtures, file)));
    server = createServer({ key, cert }, (_request, response) => response.end('3.17.2'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  async function askVersion(more: Partial<TrackingTarget>): Promise<string> {
    const client = new TrackingClient({ url, credentials: { kind: 'none' }, ...more }, { retry: ONCE });
    return client.version().finally(() => client.close());
  }

  it('is not trusted by itself', async () => {
    await expect(askVersion({})).rejects.toMatchObject({ kind: 'tls', isPassing: false });
    await expect(askVersion({})).rejects.toThrow("the server's certificate is not trusted");
  });

  it("is trusted with the site's authority, and when nobody checks", async () => {
    await expect(askVersion({ ca: readCertificates(authority) })).resolves.toBe('3.17.2');
    await expect(askVersion({ insecureTls: true })).resolves.toBe('3.17.2');
  });
});
