import { invalidParameter } from '../../../common/mlflow/error.ts';

/**
 * A path of an artifact, relative to the root and with `/`, that leads nowhere else: decoded until nothing is left to
 * decode, so that no layer above can smuggle a `..` through.
 *
 * @throws {MLflowError} INVALID_PARAMETER_VALUE.
 */
export function checkArtifactPath(path: string): string {
  let decoded = path;
  for (let before = ''; before !== decoded;) {
    before = decoded;
    decoded = decode(before);
  }
  const parts = decoded.split('/');
  const isBad =
    decoded.startsWith('/') ||
    decoded.includes('\\') ||
    decoded.includes('#') ||
    /^[a-z]:/i.test(decoded) ||
    /^file:/i.test(decoded) ||
    // eslint-disable-next-line no-control-regex -- these are what is looked for
    /[\u0000-\u001f\u007f]/.test(decoded) ||
    parts.includes('..');
  if (isBad) throw invalidParameter('Invalid path');
  return parts.filter((part) => part !== '' && part !== '.').join('/');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // a lone % is a character like any other
    return text;
  }
}

/**
 * Where under the artifact root the files of a URI are; undefined for a URI of another place. Both `mlflow-artifacts:/1/...`
 * and the address of a tracking server's artifact route name the root. A host that is named must be this machine: the server
 * answers there and nowhere else, at a port that changes.
 */
export function artifactPathOf(uri: string): string | undefined {
  const match =
    /^mlflow-artifacts:(?:\/\/([^/]*))?\/?(.*)$/.exec(uri) ??
    /^https?:\/\/([^/]+)\/(?:ajax-)?api\/2\.0\/mlflow-artifacts\/artifacts\/?(.*)$/.exec(uri);
  if (match === null) return undefined;
  const [, host = '', path] = match;
  return host === '' || isOwnHost(host) ? checkArtifactPath(path!) : undefined;
}

/** The host of a URI, with a user and a port or without. */
const isOwnHost = (host: string): boolean =>
  /^(?:[^@]*@)?(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i.test(host);
