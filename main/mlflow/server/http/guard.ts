import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { MLflowError } from '../../../../common/mlflow/error.ts';
import { TextAnswer } from './answer.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The name in a Host header or an origin, without the port. */
const hostName = (host: string): string => host.replace(/:\d+$/, '').toLowerCase();

/**
 * Refuses what does not come from this machine's own programs: a foreign Host header is a page of the network that was
 * pointed at this machine, an Origin is a page in a browser.
 */
export function findIntruder({ headers }: IncomingMessage): TextAnswer | undefined {
  if (!LOOPBACK.has(hostName(headers.host ?? '')))
    return new TextAnswer('Invalid Host header - possible DNS rebinding attack detected', 403);
  if (headers.origin === undefined || headers.origin === `http://${headers.host}`) return undefined;
  return new TextAnswer('Cross-origin request blocked', 403);
}

/** Whether a request brings the token: as bearer, or as the password of any user. No token is needed where there is none. */
export function checkToken({ headers }: IncomingMessage, token: string | undefined): void {
  const { authorization = '' } = headers;
  if (token === undefined || hasToken(authorization, token)) return;
  const problem =
    authorization === ''
      ? 'This tracking server needs its token.'
      : 'This is not the token of this tracking server, which makes a new one at each start unless it is given one.';
  throw new MLflowError('UNAUTHENTICATED', `${problem} ${HOW_TO_GET_IN}`);
}

const HOW_TO_GET_IN =
  '"outerloop mlflow serve" printed it with a line to paste: set MLFLOW_TRACKING_TOKEN to it where the client is started; or put it into the address as a password, http://outerloop:TOKEN@127.0.0.1:PORT.';

function hasToken(authorization: string, token: string): boolean {
  const [scheme = '', value = ''] = authorization.split(' ');
  if (scheme.toLowerCase() === 'bearer') return isSame(value, token);
  if (scheme.toLowerCase() !== 'basic') return false;
  const pair = Buffer.from(value, 'base64').toString('utf8');
  return isSame(pair.slice(pair.indexOf(':') + 1), token);
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
