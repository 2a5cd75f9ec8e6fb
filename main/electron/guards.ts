import type { Session, WebContents } from 'electron';
import { APP_ORIGIN, isOwnAddress } from './app-address.ts';

type GuardedSession = Pick<
  Session,
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
  | 'setSpellCheckerEnabled'
  | 'on'
> & { readonly webRequest: Pick<Session['webRequest'], 'onBeforeRequest'> };

type GuardedContents = Pick<WebContents, 'on' | 'setWindowOpenHandler'>;

/** Chromium's own parts of a page, which are no requests to anywhere. */
const LOCAL_SCHEMES = ['blob:', 'data:', 'devtools:'];

/** The only thing that a page may be allowed: to put a text into the clipboard when its user says so. */
export function isPermitted(permission: string, requestingAddress: string): boolean {
  return permission === 'clipboard-sanitized-write' && isOwnAddress(requestingAddress);
}

/** Whether Chromium may ask for an address at all: the program has nothing to ask of any network. */
export function isLocalAddress(address: string): boolean {
  return isOwnAddress(address) || LOCAL_SCHEMES.some((scheme) => address.startsWith(scheme));
}

/** A download that the window itself offers: of its own address, or made in the page. */
export function isOwnDownload(address: string): boolean {
  return isOwnAddress(address) || address.startsWith(`blob:${APP_ORIGIN}/`);
}

/** An address that may be opened in the user's browser after they said yes: a page of the web, without a user in it. */
export function isWebPage(address: string): boolean {
  const url = URL.parse(address);
  return (
    url !== null && ['https:', 'http:'].includes(url.protocol) && url.username === '' && url.password === ''
  );
}

/** Denies what Electron would allow by default: permissions, devices, screens, networks, downloads of others. */
export function guardSession(session: GuardedSession): void {
  session.setPermissionRequestHandler((_contents, permission, callback, { requestingUrl }) =>
    callback(isPermitted(permission, requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin) =>
    isPermitted(permission, requestingOrigin),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => callback(null));
  // Its dictionaries would be downloaded.
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest(({ url }, callback) => callback({ cancel: !isLocalAddress(url) }));
  session.on('will-download', (event, item) => {
    if (!isOwnDownload(item.getURL())) event.preventDefault();
  });
}

/** Keeps a page where it is: no other address, no window of its own, no guest. To be called for every contents there is. */
export function guardContents(contents: GuardedContents): void {
  const stay = (event: { readonly url: string; preventDefault(): void }): void => {
    if (!isOwnAddress(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
