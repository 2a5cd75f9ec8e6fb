import { beforeEach, describe, expect, it } from 'vitest';
import { RunTray } from '../../main/electron/run-tray.ts';
import { FakeTray, makeFakeElectron } from './fake-electron.ts';

const first = { run: 'first', text: '3 of 12 jobs done, best 0.8123' };
const second = { run: 'second', text: '0 jobs done' };
let calls: string[] = [];

function makeTray(platform: NodeJS.Platform = 'linux'): RunTray {
  return new RunTray({
    ...makeFakeElectron().parts,
    platform,
    icon: '/opt/Outerloop/icon.png',
    showWindow: () => void calls.push('show'),
    quit: () => void calls.push('quit'),
  });
}
const only = (): FakeTray => {
  expect(FakeTray.shown.size).toBe(1);
  return [...FakeTray.shown][0]!;
};
const labels = (): (string | undefined)[] => only().menu.map(({ label, type }) => label ?? type);

beforeEach(() => {
  calls = [];
});

describe('the sign of running searches', () => {
  it('stands there as long as one is running, and is one', () => {
    const tray = makeTray();
    tray.show([]);
    expect(FakeTray.shown.size).toBe(0);
    tray.show([first]);
    expect(only().toolTip).toBe('Outerloop: 1 search is running');
    tray.show([first, second]);
    expect(only().toolTip).toBe('Outerloop: 2 searches are running');
    tray.show([]);
    expect(FakeTray.shown.size).toBe(0);
    tray.show([second]);
    tray.remove();
    tray.remove();
    expect(FakeTray.shown.size).toBe(0);
  });

  it('says how far they are, and always the newest', () => {
    const tray = makeTray();
    tray.show([{ ...first, text: '2 of 12 jobs done' }]);
    tray.show([first, second]);
    expect(labels()).toEqual([
      'Open Outerloop',
      'separator',
      'first: 3 of 12 jobs done, best 0.8123',
      'second: 0 jobs done',
      'separator',
      'Quit Outerloop…',
    ]);
    expect(only().menu.filter(({ enabled }) => enabled === false)).toHaveLength(2);
  });

  it('lists some of many', () => {
    makeTray().show(Array.from({ length: 11 }, (_, number) => ({ ...first, run: `run${number}` })));
    expect(labels()).toHaveLength(8 + 1 + 4);
    expect(labels()).toContain('3 more');
  });

  it('opens the window and quits', () => {
    makeTray().show([first]);
    for (const item of only().menu) item.click?.({} as never, undefined, {} as never);
    only().fire('click');
    expect(calls).toEqual(['show', 'quit', 'show']);
  });

  it('opens its menu on macOS, where a click means that', () => {
    makeTray('darwin').show([first]);
    only().fire('click');
    expect(calls).toEqual([]);
  });

  it.each([
    ['linux', 22],
    ['darwin', 18],
    ['win32', 16],
  ] as const)('has a picture that fits the tray of %s', (platform, size) => {
    makeTray(platform).show([first]);
    expect(only().image).toMatchObject({ path: '/opt/Outerloop/icon.png', width: size, height: size });
  });
});
