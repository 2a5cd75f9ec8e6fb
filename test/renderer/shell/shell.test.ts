import { describe, expect, it } from 'vitest';
import { findActions } from '../../../renderer/shell/find-actions.ts';
import { mmarOf, placesOf } from '../../../renderer/shell/navigation.ts';
import { mmarAddress, parseRoute } from '../../../renderer/shell/route.ts';
import { trustPrompt } from '../../../renderer/shell/trust-prompt.svelte.ts';
import { commandRegistry } from '../../../renderer/ui/command-registry.svelte.ts';
import type { Action } from '../../../renderer/ui/action.ts';
import { mmarId } from '../../../common/api/ids.ts';

const action = (id: string, title = id, more: Partial<Action> = {}): Action => ({
  id,
  title,
  run: () => undefined,
  ...more,
});

describe('addresses', () => {
  it.each([
    ['', { view: 'library' }],
    ['#/library', { view: 'library' }],
    ['#/nowhere/at/all', { view: 'library' }],
    ['#/mmar/abc/edit', { view: 'edit', mmar: 'abc', run: undefined }],
    ['#/mmar/abc', { view: 'edit', mmar: 'abc', run: undefined }],
    ['#/mmar/abc/runs/first%20one', { view: 'runs', mmar: 'abc', run: 'first one' }],
    ['#/mmar/abc/results/x?y=1', { view: 'results', mmar: 'abc', run: 'x' }],
    ['#/tracking/run/12', { view: 'tracking', path: 'run/12' }],
    ['#/settings/folders', { view: 'settings', section: 'folders' }],
    ['#/settings', { view: 'settings', section: undefined }],
    ['#/image', { view: 'image' }],
    ['#/mmar/a%ZZ/runs', { view: 'runs', mmar: 'a%ZZ', run: undefined }],
  ])('%s', (hash, route) => expect(parseRoute(hash)).toEqual(route));

  it('lead back to where they were made for, whatever a run is called', () => {
    const run = 'a/b #1 ?ü';
    expect(parseRoute(mmarAddress('abc', 'runs', run))).toEqual({ view: 'runs', mmar: 'abc', run });
  });

  it('keep the run between runs and results', () => {
    const addresses = placesOf('abc', 'first').map(({ address }) => address);
    expect(addresses).toEqual([
      '#/mmar/abc/edit',
      '#/mmar/abc/images',
      '#/mmar/abc/runs/first',
      '#/mmar/abc/results/first',
    ]);
  });
});

describe('the places of an MMAR', () => {
  const last = { mmar: 'last' };
  it('are those of the open one', () => {
    expect(mmarOf(parseRoute('#/mmar/open/edit'), last)).toBe('open');
  });
  it('stay while one looks at tracking, an image, settings or diagnostics', () => {
    for (const place of ['tracking', 'image', 'settings', 'diagnostics'])
      expect(mmarOf(parseRoute(`#/${place}`), last)).toBe('last');
    expect(mmarOf(parseRoute('#/tracking'), undefined)).toBeUndefined();
  });
  it('are gone in the library, where one chooses', () => {
    expect(mmarOf(parseRoute('#/library'), last)).toBeUndefined();
  });
});

describe('commands', () => {
  const actions = [
    action('theme', 'Light theme', { group: 'Window' }),
    action('runs', 'Go to Runs', { group: 'Go to' }),
    action('start', 'Start run'),
    action('unrun', 'Prune models'),
  ];

  it('are found by their words, best first', () => {
    expect(findActions(actions, 'run').map(({ id }) => id)).toEqual(['runs', 'start', 'unrun']);
    expect(findActions(actions, 'go run').map(({ id }) => id)).toEqual(['runs']);
    expect(findActions(actions, 'window').map(({ id }) => id)).toEqual(['theme']);
    expect(findActions(actions, '(')).toEqual([]);
    expect(findActions(actions, ' ')).toBe(actions);
  });

  it('are those of what is on show, by their keys too', () => {
    const ran: string[] = [];
    const keys = { key: 's', ctrlKey: true, metaKey: false, shiftKey: false, altKey: false, target: null };
    const leaveFrame = commandRegistry.add(() => [
      action('frame', 'Frame', { shortcut: 'Mod+S', run: () => void ran.push('frame') }),
    ]);
    const leaveView = commandRegistry.add(() => [
      action('view', 'View', { shortcut: 'Mod+S', run: () => void ran.push('view') }),
      action('off', 'Off', { shortcut: 'Mod+S', disabledReason: 'not now' }),
    ]);
    void commandRegistry.find(keys)?.run();
    leaveView();
    void commandRegistry.find(keys)?.run();
    leaveFrame();
    expect(ran).toEqual(['view', 'frame']);
    expect(commandRegistry.find(keys)).toBeUndefined();
  });

  it('with a single letter keep out of text fields', () => {
    const leave = commandRegistry.add(() => [action('fit', 'Fit', { shortcut: 'F' })]);
    const keys = { key: 'f', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };
    expect(commandRegistry.find({ ...keys, target: document.createElement('input') })).toBeUndefined();
    expect(commandRegistry.find({ ...keys, target: document.createElement('div') })?.id).toBe('fit');
    leave();
  });
});

it('asks about trust one MMAR at a time', async () => {
  const first = trustPrompt.ask(mmarId.parse('aaaaaaaa'));
  const second = trustPrompt.ask(mmarId.parse('bbbbbbbb'));
  expect(await first).toBe(false);
  expect(trustPrompt.mmar).toBe('bbbbbbbb');
  trustPrompt.answer(true);
  expect(await second).toBe(true);
  expect(trustPrompt.mmar).toBeUndefined();
});
