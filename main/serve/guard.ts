import type { IncomingMessage } from 'node:http';
import type { SessionToken } from './session-token.ts';

/** The name of the cookie that holds the session's token; browsers share cookies between the ports of a host. */
export const cookieName = (port: number): string => `outerloop-${port}`;

/** Why a request is not answered: undefined when it is. */
export type Refusal = 'host' | 'origin' | 'token';

/**
 * Lets only this machine's own window in. The Host check stops a foreign name that was made to point here (DNS
 * rebinding), the Origin and Sec-Fetch-Site checks stop pages of others, also those of other ports of this machine, which
 * get the cookie sent along; the token stops other users of the machine.
 */
export function findRefusal(
  request: IncomingMessage,
  port: number,
  token: SessionToken,
): Refusal | undefined {
  const { host, origin, cookie } = request.headers;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (host === undefined || !hosts.includes(host)) return 'host';
  if (origin !== undefined && origin !== `http://${host}`) return 'origin';
  if (!token.matches(readCookie(cookie, cookieName(port)))) return 'token';
  const site = request.headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none' ? undefined : 'origin';
}

/** Only pages open with a token in the URL: what else asks has the cookie already. */
export function readTokenFromUrl(request: IncomingMessage): string | undefined {
  if (request.method !== 'GET' || request.url === undefined) return undefined;
  const mark = request.url.indexOf('?');
  if (mark < 0) return undefined;
  const offered = new URLSearchParams(request.url.slice(mark)).get('token');
  // The page for those without it takes the whole address too, as it is printed.
  return offered?.trim().replace(/^.*[?&]token=/, '');
}

function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}
