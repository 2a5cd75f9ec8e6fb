import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { groupActions, type Action } from '../../../renderer/ui/action.ts';
import { describeError } from '../../../renderer/ui/describe-error.ts';
import { filterOptions, groupOptions } from '../../../renderer/ui/option.ts';
import { readNumber, stepNumber } from '../../../renderer/ui/read-number.ts';
import { formatShortcut, isTyping, matchesShortcut } from '../../../renderer/ui/shortcut.ts';
import { sortRows } from '../../../renderer/ui/sorted-rows.ts';
import { nextSorting, type TableColumn } from '../../../renderer/ui/table-column.ts';
import { toasts } from '../../../renderer/ui/toasts.svelte.ts';
import { visibleRange } from '../../../renderer/ui/visible-range.ts';
import { RpcError } from '../../../common/rpc/rpc-error.ts';

const keys = { key: 'k', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };

describe('shortcuts', () => {
  it('match exactly the keys that they name', () => {
    expect(matchesShortcut({ ...keys, ctrlKey: true }, 'Mod+K', false)).toBe(true);
    expect(matchesShortcut({ ...keys, metaKey: true }, 'Mod+K', true)).toBe(true);
    expect(matchesShortcut({ ...keys, ctrlKey: true }, 'Mod+K', true)).toBe(false);
    expect(matchesShortcut({ ...keys, ctrlKey: true, shiftKey: true }, 'Mod+K', false)).toBe(false);
    expect(matchesShortcut({ ...keys, ctrlKey: true, metaKey: true }, 'Mod+K', false)).toBe(false);
    expect(matchesShortcut(keys, 'K', false)).toBe(true);
  });

  it('are written as the system writes them', () => {
    expect(formatShortcut('Mod+Shift+ArrowUp', false)).toEqual(['Ctrl', 'Shift', '↑']);
    expect(formatShortcut('Mod+Shift+k', true)).toEqual(['⌘', '⇧', 'K']);
  });

  it('know where somebody types', () => {
    const input = document.createElement('input');
    const box = Object.assign(document.createElement('input'), { type: 'checkbox' });
    expect([input, document.createElement('textarea')].map(isTyping)).toEqual([true, true]);
    expect([box, document.createElement('button'), null].map(isTyping)).toEqual([false, false, false]);
  });
});

describe('numbers that are typed', () => {
  it.each([
    ['12', 12],
    [' -0.5 ', -0.5],
    ['1e-4', 1e-4],
    ['0,5', 0.5],
    ['.25', 0.25],
    ['', undefined],
  ])('reads %j', (text, value) => expect(readNumber(text, {})).toEqual(value === undefined ? {} : { value }));

  it.each(['abc', '1,2,3', '1.2.3', '--1', '0x10', 'Infinity', '1e999'])('refuses %j', (text) =>
    expect(readNumber(text, {}).problem).toBeDefined(),
  );

  it('says which limit is not kept', () => {
    expect(readNumber('1.5', { integer: true }).problem).toBe('Must be a whole number');
    expect(readNumber('0', { min: 1 }).problem).toBe('Must be at least 1');
    expect(readNumber('2', { max: 1 }).problem).toBe('Must be at most 1');
  });

  it('steps without the noise of binary fractions, within the limits', () => {
    expect(stepNumber(0.1, 0.2, {})).toBe(0.3);
    expect(stepNumber(undefined, 1, { min: 5 })).toBe(6);
    expect(stepNumber(9, 5, { max: 10 })).toBe(10);
  });
});

describe('options', () => {
  const options = ['RandFlip', 'Flip', 'Spacing'].map((label) => ({
    value: label,
    label,
    group: label.startsWith('Rand') ? 'Random' : 'Fixed',
  }));

  it('are found by their words, those that begin with it first', () => {
    expect(filterOptions(options, 'fli').map(({ value }) => value)).toEqual(['Flip', 'RandFlip']);
    expect(filterOptions(options, 'rand flip').map(({ value }) => value)).toEqual(['RandFlip']);
    expect(filterOptions(options, 'none')).toEqual([]);
  });

  it('stand in their groups', () => {
    expect(groupOptions(options).map(({ group, options: members }) => [group, members.length])).toEqual([
      ['Random', 1],
      ['Fixed', 2],
    ]);
  });
});

it('groups actions in the order of their first appearance', () => {
  const action = (id: string, group?: string): Action => ({
    id,
    title: id,
    run: () => undefined,
    ...(group === undefined ? {} : { group }),
  });
  const groups = groupActions([action('a', 'x'), action('b'), action('c', 'x')]);
  expect(groups.map(({ group, actions }) => [group, actions.map(({ id }) => id)])).toEqual([
    ['x', ['a', 'c']],
    [undefined, ['b']],
  ]);
});

describe('tables', () => {
  interface Row {
    readonly name: string;
    readonly score?: number;
  }
  const rows: readonly Row[] = [
    { name: 'J10', score: 0.5 },
    { name: 'J9' },
    { name: 'J1', score: NaN },
    { name: 'J2', score: 0.7 },
  ];
  const columns: readonly TableColumn<Row>[] = [
    { key: 'name', title: 'Job', value: ({ name }) => name },
    { key: 'score', title: 'Score', value: ({ score }) => score },
  ];
  const order = (key: string, descending: boolean): readonly string[] =>
    sortRows(rows, columns, { key, descending }).map(({ name }) => name);

  it('sort numbers in names as numbers', () =>
    expect(order('name', false)).toEqual(['J1', 'J2', 'J9', 'J10']));

  it('sort what is missing last, either way', () => {
    expect(order('score', false)).toEqual(['J10', 'J2', 'J9', 'J1']);
    expect(order('score', true)).toEqual(['J2', 'J10', 'J9', 'J1']);
  });

  it('go from ascending to descending to none', () => {
    const first = nextSorting(undefined, 'a');
    const second = nextSorting(first, 'a');
    expect([first, second, nextSorting(second, 'a'), nextSorting(second, 'b')]).toEqual([
      { key: 'a', descending: false },
      { key: 'a', descending: true },
      undefined,
      { key: 'b', descending: false },
    ]);
  });

  it('show the rows in sight and a few around them', () => {
    expect(visibleRange(10_000, 30, 0, 300, 8)).toEqual({ from: 0, to: 18 });
    expect(visibleRange(10_000, 30, 150_000, 300, 8)).toEqual({ from: 4992, to: 5018 });
    expect(visibleRange(3, 30, 0, 300, 8)).toEqual({ from: 0, to: 3 });
    expect(visibleRange(5, 30, 9_999, 300, 8)).toEqual({ from: 5, to: 5 });
    expect(visibleRange(0, 30, 0, 300)).toEqual({ from: 0, to: 0 });
  });
});

describe('errors', () => {
  it('are told by their first fault', () => {
    const faults = [
      { code: 'file-missing', message: 'It is not there.', file: 'a.json' },
      { code: 'schema', message: 'Wrong.' },
    ] as const;
    const error = new RpcError({ code: 'fault', message: 'all', faults: [...faults] });
    expect(describeError(error)).toEqual({ summary: 'a.json: It is not there. (and 1 more)', faults });
  });

  it('of any other kind are told too', () => {
    expect(describeError(new Error('broken')).summary).toBe('broken');
    expect(describeError('text').summary).toBe('text');
    expect(describeError(undefined).summary).toBe('An unexpected error');
  });
});

describe('toasts', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    for (const toast of toasts.shown) toasts.close(toast.id);
    vi.useRealTimers();
  });

  it('go by themselves, errors stay', () => {
    toasts.show({ title: 'Saved' });
    toasts.showError('Not saved', new Error('full'));
    vi.advanceTimersByTime(60_000);
    expect(toasts.shown.map(({ title }) => title)).toEqual(['Not saved']);
  });

  it('stay while somebody looks at them', () => {
    const id = toasts.show({ title: 'Saved', durationMs: 1000 });
    toasts.hold(id);
    vi.advanceTimersByTime(5000);
    expect(toasts.shown).toHaveLength(1);
    toasts.resume(toasts.shown[0]!);
    vi.advanceTimersByTime(1001);
    expect(toasts.shown).toEqual([]);
  });

  it('are four at most, the newest ones', () => {
    for (let index = 0; index < 6; index++) toasts.show({ title: `${index}` });
    expect(toasts.shown.map(({ title }) => title)).toEqual(['2', '3', '4', '5']);
  });
});
