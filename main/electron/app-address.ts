import type { CustomScheme } from 'electron';

/** The window's own scheme and origin: no file:// page, no port. */
export const APP_SCHEME = 'app';
export const APP_ORIGIN = `${APP_SCHEME}://outerloop`;
export const APP_PAGE = `${APP_ORIGIN}/`;

/** A scheme with an origin, under the page's policy like any other: neither bypassCSP nor corsEnabled. */
export const appScheme: CustomScheme = {
  scheme: APP_SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
};

/** Whether an address belongs to the window itself: exactly our origin, without a user or a port in it. */
export function isOwnAddress(address: string): boolean {
  const url = URL.parse(address);
  return (
    url !== null &&
    url.protocol === `${APP_SCHEME}:` &&
    url.host === 'outerloop' &&
    url.username === '' &&
    url.password === ''
  );
}
