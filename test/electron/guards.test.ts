import { describe, expect, it } from 'vitest';
import { isOwnAddress } from '../../main/electron/app-address.ts';
import {
  guardContents,
  guardSession,
  isLocalAddress,
  isOwnDownload,
  isPermitted,
  isWebPage,
} from '../../main/electron/guards.ts';
import { FakeContents, FakeSession } from './fake-electron.ts';

const foreign = [
  'https://evil.example/',
  'http://127.0.0.1:8080/',
  'file:///etc/passwd',
  'app://other/',
  'app://outerloop.evil.example/',
  'app://outerloop:80/',
  'app://user@outerloop/',
  'app://user:secret@outerloop/',
  'apps://outerloop/',
  'javascript:alert(1)',
  'about:blank',
  'data:text/html,hi',
  'outerloop',
  '',
];

describe('our own address', () => {
  it.each([
    'app://outerloop/',
    'app://outerloop/#/library',
    'app://outerloop/resource/volumes/1?a=b',
    'APP://outerloop/',
  ])('is %s', (address) => expect(isOwnAddress(address)).toBe(true));
  it.each(foreign)('is not %j', (address) => expect(isOwnAddress(address)).toBe(false));
});

describe('a page', () => {
  const contents = new FakeContents();
  guardContents(contents);

  for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
    it(`does not leave by ${event}`, () => {
      for (const url of foreign) expect(contents.fire(event, { url })).toBe(true);
      expect(contents.fire(event, { url: 'app://outerloop/#/settings' })).toBe(false);
    });
  }

  it('opens no window', () => {
    for (const url of [...foreign, 'app://outerloop/'])
      expect(contents.openHandler?.({ url } as Electron.HandlerDetails)).toEqual({ action: 'deny' });
  });

  it('attaches no guest', () => {
    expect(contents.fire('will-attach-webview', {}, {}, { src: 'app://outerloop/' })).toBe(true);
  });
});

describe('the session', () => {
  const session = new FakeSession();
  guardSession(session);
  const own = 'app://outerloop/';

  const permissions = [
    'media',
    'geolocation',
    'notifications',
    'midi',
    'midiSysex',
    'pointerLock',
    'fullscreen',
    'openExternal',
    'clipboard-read',
    'display-capture',
    'fileSystem',
    'hid',
    'serial',
    'usb',
    'idle-detection',
    'storage-access',
    'local-network',
    'local-fonts',
    'window-management',
    'unknown',
  ] as const;

  const request = (
    permission: (typeof permissions)[number] | 'clipboard-sanitized-write',
    requestingUrl: string,
  ) => {
    let answer: boolean | undefined;
    session.permissionRequest!({} as never, permission, (granted) => (answer = granted), {
      isMainFrame: true,
      requestingUrl,
    });
    return answer;
  };

  it.each(permissions)('does not permit %s, asked or checked', (permission) => {
    expect(request(permission, own)).toBe(false);
    expect(session.permissionCheck!(null, permission, own, { isMainFrame: true })).toBe(false);
    expect(isPermitted(permission, own)).toBe(false);
  });

  it('permits texts into the clipboard, for the window alone', () => {
    expect(request('clipboard-sanitized-write', own)).toBe(true);
    for (const address of foreign) expect(request('clipboard-sanitized-write', address)).toBe(false);
  });

  it('permits no device and no screen', () => {
    expect(session.devicePermission!({} as never)).toBe(false);
    let streams: unknown = 'none';
    session.displayMedia!({} as never, (given) => (streams = given));
    expect(streams).toBeNull();
  });

  it('asks nothing of any network', () => {
    const isCancelled = (url: string): boolean | undefined => {
      let cancelled: boolean | undefined;
      session.beforeRequest!({ url }, ({ cancel }) => (cancelled = cancel));
      return cancelled;
    };
    for (const url of [
      'https://evil.example/',
      'http://127.0.0.1:5000/',
      'ws://127.0.0.1/',
      'file:///etc/passwd',
      'app://other/',
    ])
      expect(isCancelled(url)).toBe(true);
    for (const url of [own, 'blob:app://outerloop/1', 'data:image/png;base64,', 'devtools://devtools/x'])
      expect(isCancelled(url)).toBe(false);
    expect(isLocalAddress('https://evil.example/blob:')).toBe(false);
    expect(session.checksSpelling).toBe(false);
  });

  it("downloads the window's own files only", () => {
    const isPrevented = (url: string): boolean => session.fire('will-download', {}, { getURL: () => url });
    expect(isPrevented('app://outerloop/resource/library/packed/1')).toBe(false);
    expect(isPrevented('blob:app://outerloop/5f3c')).toBe(false);
    for (const url of [...foreign, 'blob:https://evil.example/1', 'blob:app://outerloop.evil/1'])
      expect(isPrevented(url)).toBe(true);
    expect(isOwnDownload('blob:app://outerloop')).toBe(false);
  });
});

describe('a page of the web', () => {
  it('has http or https and no user in it', () => {
    for (const url of ['https://mlflow.example/#/1', 'http://127.0.0.1:5000/'])
      expect(isWebPage(url)).toBe(true);
    for (const url of [
      'file:///etc',
      'https://u:p@mlflow.example/',
      'javascript:1',
      'ssh://host',
      '',
      'smb://x/y',
    ])
      expect(isWebPage(url)).toBe(false);
  });
});
