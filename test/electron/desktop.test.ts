import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api } from '../../common/api/index.ts';
import type { Channel } from '../../common/rpc/channel.ts';
import { connectApi } from '../../common/rpc/connect-api.ts';
import { openPortChannel } from '../../common/rpc/port-channel.ts';
import { locateProgram, type ProgramPaths } from '../../main/electron/program-paths.ts';
import { startDesktop } from '../../main/electron/start-desktop.ts';
import { findChangedFiles } from '../../main/electron/verify-program.ts';
import { processTable } from '../../main/node/process-table.ts';
import { makeFakeElectron, type FakeElectron, type FakePort } from './fake-electron.ts';

// Electron is a fake here; the program behind it is the real one, in a process of its own.
let folder: string;
let electron: FakeElectron;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outerloop-desktop-'));
  electron = makeFakeElectron();
});
afterEach(async () => {
  if (electron.windows.length > 0) {
    electron.app.quit();
    await vi.waitFor(() => expect(electron.app.hasQuit).toBe(true), 20_000);
  }
  rmSync(folder, { recursive: true, force: true });
});

async function start(args: readonly string[] = [], changed: Partial<ProgramPaths> = {}): Promise<boolean> {
  const started = startDesktop(electron.parts, {
    paths: {
      ...locateProgram({
        isPackaged: false,
        bundle: resolve(import.meta.dirname, '../../dist/electron'),
        resources: '/nowhere',
        platform: process.platform,
        processor: process.arch,
      }),
      ...changed,
    },
    dataFolder: join(folder, 'data'),
    platform: 'linux',
    args,
    folder,
  });
  electron.app.becomeReady();
  return started;
}

function openChannel(port: FakePort): Channel {
  return openPortChannel({
    postMessage: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', ({ data }: { data: unknown }) => listener(data));
      port.start();
    },
    onClose: (listener) => void port.on('close', () => listener()),
    close: () => port.close(),
  });
}

/** The page's side of a fresh port. */
async function connectWindow(onLost?: () => void) {
  const connection = connectApi(api, onLost);
  await connection.attach(openChannel(electron.connect()!));
  return connection;
}

describe('the desktop app', () => {
  it('does before Electron is ready what has to be done then', async () => {
    await start();
    expect(electron.app.calls.slice(0, electron.app.calls.indexOf('ready'))).toEqual([
      'setPath',
      'requestSingleInstanceLock',
      'enableSandbox',
      'setAppUserModelId',
      'registerSchemesAsPrivileged',
    ]);
    expect(electron.app.paths.get('userData')).toBe(join(folder, 'data', 'chromium'));
    expect(electron.schemes).toEqual([
      {
        scheme: 'app',
        privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
      },
    ]);
    expect(electron.app.switches.get('host-resolver-rules')).toBe('MAP * ~NOTFOUND');
  });

  it('opens one window on its own page, shown when there is something to see', async () => {
    await start();
    expect(electron.windows).toHaveLength(1);
    const [window] = electron.windows;
    expect(window!.url).toBe('app://outerloop/');
    expect(window!.calls).toEqual([]);
    window!.fire('ready-to-show');
    expect(window!.calls).toEqual(['show']);
    expect(window!.webContents.openHandler!({} as never)).toEqual({ action: 'deny' });
    expect(electron.session.permissionRequest).not.toBeNull();
    expect([...electron.handlers.keys()].sort()).toEqual(['app', 'file']);
    expect(electron.menu.length).toBeGreaterThan(4);
  });

  it('answers the window by the program behind, as serve does', async () => {
    await start();
    const { client } = await connectWindow();
    expect(await client.connection.describe({})).toMatchObject({ host: 'electron' });
    expect(await client.system.abilities({})).toMatchObject({ dialogs: true, trash: true });
    electron.dialogs.answers.push({ canceled: false, filePaths: ['/data/liver'] });
    expect(await client.system.choose({ kind: 'folder', title: 'Open' })).toEqual({ path: '/data/liver' });
    const resource = await electron.handlers.get('app')!(new Request('app://outerloop/resource/gone/1'));
    expect(resource.status).toBe(404);
    expect(await resource.json()).toEqual({ message: 'There is nothing at this address.' });
  });

  it.each<readonly [string, object]>([
    ['another page', { url: 'https://evil.example/' }],
    ['another host of the scheme', { url: 'app://other/' }],
    ['a frame in the page', { parent: {} }],
  ])('gives %s no port', async (_, frame) => {
    await start();
    expect(electron.connect(frame)).toBeUndefined();
    expect(electron.connect({}, 999)).toBeUndefined();
    electron.ipc.fire('outerloop-connect', { senderFrame: null, sender: { id: 1 } });
    expect(electron.connect()).toBeDefined();
  });

  it('starts once: a second start brings the first to the front and opens what it was given', async () => {
    electron.app.hasLock = false;
    expect(await start()).toBe(false);
    expect([electron.windows.length, electron.app.hasQuit]).toEqual([0, true]);

    electron = makeFakeElectron();
    await start();
    const { client } = await connectWindow();
    electron.windows[0]!.minimize();
    electron.app.fire('second-instance', {}, ['outerloop', '--x', 'liver.mmar'], '/home/u');
    expect(electron.windows[0]!.isMinimized()).toBe(false);
    expect(electron.windows[0]!.calls).toContain('focus');
    for await (const request of client.window.requests({})) {
      expect(request).toEqual({ kind: 'open-packed', file: '/home/u/liver.mmar' });
      break;
    }
  });

  it('opens files that it was started with, that the system hands in, and that the menu asks for', async () => {
    const started = start(['/data/a.mmar']);
    expect(electron.app.fire('open-file', {}, '/data/b.mmar')).toBe(true);
    await started;
    electron.dialogs.answers.push({ canceled: false, filePaths: ['/data/c.mmar'] });
    const file = electron.menu.find(({ label }) => label === '&File')!
      .submenu as Electron.MenuItemConstructorOptions[];
    file[0]!.click!({} as never, undefined, {} as never);
    await vi.waitFor(() => expect(electron.dialogs.answers).toEqual([]));
    const { client } = await connectWindow();
    const files: unknown[] = [];
    for await (const request of client.window.requests({})) {
      files.push(request.kind === 'open-packed' ? request.file : request);
      if (files.length === 3) break;
    }
    expect(files.toSorted()).toEqual(['/data/a.mmar', '/data/b.mmar', '/data/c.mmar']);
  });

  it('keeps the program behind while the window is closed and opened, and remembers its place', async () => {
    await start();
    const first = await connectWindow();
    expect((await first.client.connection.describe({})).host).toBe('electron');
    electron.app.fire('activate');
    const saved = (): unknown => JSON.parse(readFileSync(join(folder, 'data', 'settings.json'), 'utf8'));
    electron.windows[0]!.maximize();
    electron.windows[0]!.fire('close');
    expect(saved()).toMatchObject({ window: { width: 1600, height: 1000, isMaximized: true } });
  });

  it('starts the program behind again when it dies, and the window goes on', async () => {
    await start();
    const onLost = vi.fn();
    const connection = await connectWindow(onLost);
    const { client } = connection;
    const pid = await backendPid();
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(onLost).toHaveBeenCalledOnce(), 10_000);
    const asked = client.connection.describe({});
    await connection.attach(openChannel(electron.connect()!));
    expect(await asked).toMatchObject({ host: 'electron' });
    expect(await backendPid()).not.toBe(pid);
    expect(electron.dialogs.asked).toEqual([]);
  });

  it('gives up on a program behind that dies again and again, and says where to look', async () => {
    await start();
    for (let death = 0; death < 3; death++) {
      await connectWindow().catch(() => undefined);
      process.kill(await backendPid(), 'SIGKILL');
      await vi
        .waitFor(async () => expect(await findBackend()).toBeUndefined(), 10_000)
        .catch(() => undefined);
      await new Promise((settle) => setTimeout(settle, 100));
    }
    await vi.waitFor(() => expect(electron.dialogs.asked).toHaveLength(1), 10_000);
    expect(electron.dialogs.asked[0]).toMatchObject({ content: expect.stringContaining('logs/program.log') });
  });

  it('does not start a program whose files are not as they were packed', async () => {
    const program = join(folder, 'program');
    const digests = join(folder, 'digests.json');
    mkdirSync(join(program, 'main'), { recursive: true });
    writeFileSync(join(program, 'main', 'same.ts'), 'same');
    writeFileSync(join(program, 'main', 'changed.ts'), 'changed');
    writeFileSync(join(program, 'main', 'added.ts'), 'added');
    const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');
    writeFileSync(
      digests,
      JSON.stringify({
        'main/same.ts': sha256('same'),
        'main/changed.ts': sha256('original'),
        'main/gone.ts': sha256('gone'),
      }),
    );
    expect(await findChangedFiles(program, digests)).toEqual([
      'main/added.ts',
      'main/changed.ts',
      'main/gone.ts',
    ]);
    await expect(start([], { program, digests })).rejects.toThrow(
      /3 files .* main\/added\.ts, main\/changed\.ts/,
    );
    expect(electron.windows).toEqual([]);
    await expect(start([], { program, digests: join(folder, 'none.json') })).rejects.toThrow('ENOENT');
    for (const name of ['changed', 'added']) rmSync(join(program, 'main', `${name}.ts`));
    writeFileSync(digests, JSON.stringify({ 'main/same.ts': sha256('same') }));
    expect(await findChangedFiles(program, digests)).toEqual([]);
  });

  it('leaves no process behind when it quits', async () => {
    await start();
    await connectWindow();
    const pid = await backendPid();
    electron.app.quit();
    await vi.waitFor(() => expect(electron.app.hasQuit).toBe(true), 10_000);
    expect(processTable.identify(pid)).toBeUndefined();
    expect(existsSync(join(folder, 'data', 'logs', 'program.log'))).toBe(true);
    expect(readFileSync(join(folder, 'data', 'logs', 'program.log'), 'utf8')).toBe('');
  });
});

/** This process's child that is the program behind, as Linux and macOS list it. */
async function findBackend(): Promise<number | undefined> {
  const { execFileSync } = await import('node:child_process');
  const lines = execFileSync('ps', ['-o', 'pid=,ppid=,stat=,args=', '-A'], { encoding: 'utf8' }).split('\n');
  const line = lines.find((text) => {
    const [, ppid, state] = text.trim().split(/\s+/);
    return (
      ppid === String(process.pid) &&
      !state!.startsWith('Z') &&
      /main\/backend\/main\.ts|outerloop$/.test(text.trim())
    );
  });
  return line === undefined ? undefined : Number(line.trim().split(/\s+/)[0]);
}

async function backendPid(): Promise<number> {
  let pid: number | undefined;
  await vi.waitFor(async () => {
    pid = await findBackend();
    expect(pid).toBeDefined();
  }, 10_000);
  return pid!;
}
