import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { asFileFault } from '../../../common/file-fault.ts';
import { FaultError } from '../../../common/fault.ts';

/** How a caller proves who it is. */
export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string };

/** A tracking server and how it is spoken to. */
export interface TrackingTarget {
  /** Without a trailing slash; may hold a path, as behind a reverse proxy. */
  readonly url: string;
  readonly credentials: Credentials;
  /** PEM text of the certificate authorities to trust beside the machine's; undefined for those alone. */
  readonly ca?: string;
  /** Takes any certificate: for a test set-up, never for a site. */
  readonly insecureTls?: boolean;
}

/** A name of our own, for messages, without what it could give away. */
export function describeTarget({ url }: Pick<TrackingTarget, 'url'>): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

/**
 * The address of a tracking server: http or https, no credentials in it, no query.
 *
 * @throws FaultError `usage`
 */
export function parseTrackingUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url !== undefined && (url.protocol === 'http:' || url.protocol === 'https:');
  if (isWeb && url.username === '' && url.password === '' && url.search === '' && url.hash === '')
    return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  throw new FaultError({
    code: 'usage',
    argument: 'URL',
    message: 'This is no address of an MLflow server.',
    allowed: 'https://host[:port][/path] or http://..., without user, password, ? and #',
  });
}

/**
 * The server that the variables of MLflow's own client name: `MLFLOW_TRACKING_URI`, `_TOKEN`, `_USERNAME`, `_PASSWORD`,
 * `_INSECURE_TLS`, `_SERVER_CERT_PATH`; undefined when the address is none of a server (unset, a folder, a database).
 *
 * @throws FaultError for a certificate file that cannot be read
 */
export function readTrackingEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): TrackingTarget | undefined {
  const uri = environment.MLFLOW_TRACKING_URI;
  if (uri === undefined || !/^https?:/i.test(uri)) return undefined;
  const certificate = environment.MLFLOW_TRACKING_SERVER_CERT_PATH;
  return {
    url: parseTrackingUrl(uri),
    credentials: readCredentials(environment),
    ...(certificate === undefined || certificate === '' ? {} : { ca: readCertificates(certificate) }),
    ...(isTrue(environment.MLFLOW_TRACKING_INSECURE_TLS) ? { insecureTls: true } : {}),
  };
}

/** A user and password win over a token, as in MLflow's client. */
function readCredentials(environment: Readonly<Record<string, string | undefined>>): Credentials {
  const {
    MLFLOW_TRACKING_USERNAME: username = '',
    MLFLOW_TRACKING_PASSWORD: password = '',
    MLFLOW_TRACKING_TOKEN: token = '',
  } = environment;
  if (username !== '' && password !== '') return { kind: 'basic', username, password };
  return token === '' ? { kind: 'none' } : { kind: 'bearer', token };
}

/** PEM text of a file. @throws FaultError that names the file, also when it holds no certificate */
export function readCertificates(file: string): string {
  const name = basename(file);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw asFileFault(error, name);
  }
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new FaultError({
    code: 'schema',
    file: name,
    message: 'The file holds no certificate.',
    allowed: 'certificates as PEM: -----BEGIN CERTIFICATE-----',
  });
}

function isTrue(text: string | undefined): boolean {
  return text !== undefined && ['true', '1'].includes(text.trim().toLowerCase());
}
