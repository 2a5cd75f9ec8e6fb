import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { createRawSnippet, tick, type Component } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../../common/fault.ts';
import { confirm, questions } from '../../../renderer/ui/confirm.svelte.ts';
import ConfirmHost from '../../../renderer/ui/ConfirmHost.svelte';
import ErrorNote from '../../../renderer/ui/ErrorNote.svelte';
import NumberInput from '../../../renderer/ui/NumberInput.svelte';
import Switch from '../../../renderer/ui/Switch.svelte';
import VirtualTable from '../../../renderer/ui/VirtualTable.svelte';
import FieldWithInput from './FieldWithInput.svelte';

afterEach(cleanup);

describe('a field', () => {
  it('names and describes the control inside it', () => {
    render(FieldWithInput, { label: 'Epochs', help: 'Passes over the data' });
    const input = screen.getByLabelText('Epochs');
    expect(document.getElementById(input.getAttribute('aria-describedby')!)?.textContent).toBe(
      'Passes over the data',
    );
    expect(input.getAttribute('aria-invalid')).toBeNull();
  });

  it('shows its error in place of the help and marks the control', async () => {
    const { rerender } = render(FieldWithInput, { label: 'Epochs', help: 'Passes' });
    await rerender({ label: 'Epochs', help: 'Passes', error: 'Must be at least 1' });
    const input = screen.getByLabelText('Epochs');
    expect(input.getAttribute('aria-invalid')).toBe('true');
    expect(document.getElementById(input.getAttribute('aria-describedby')!)?.textContent).toContain(
      'at least 1',
    );
    expect(screen.queryByText('Passes')).toBeNull();
  });
});

describe('a number', () => {
  it('changes with what is typed, and keeps what is wrong without taking it', async () => {
    const onchange = vi.fn();
    render(NumberInput, { value: 3, label: 'Epochs', min: 1, integer: true, onchange });
    const input = screen.getByLabelText<HTMLInputElement>('Epochs');
    await fireEvent.input(input, { target: { value: '12' } });
    await fireEvent.input(input, { target: { value: '0' } });
    expect(onchange.mock.calls).toEqual([[12]]);
    expect(input.value).toBe('0');
    expect(input.getAttribute('aria-invalid')).toBe('true');
  });

  it('gives way to a value from elsewhere while it is typed', async () => {
    const { rerender } = render(NumberInput, { value: 3, label: 'Epochs' });
    const input = screen.getByLabelText<HTMLInputElement>('Epochs');
    await fireEvent.input(input, { target: { value: '41.0' } });
    expect(input.value).toBe('41.0');
    await rerender({ value: 7 });
    expect(input.value).toBe('7');
  });

  it('steps by arrow keys, ten with Shift', async () => {
    const onchange = vi.fn();
    render(NumberInput, { value: 0.1, label: 'Rate', step: 0.1, max: 2, onchange });
    const input = screen.getByLabelText<HTMLInputElement>('Rate');
    await fireEvent.keyDown(input, { key: 'ArrowUp' });
    await fireEvent.keyDown(input, { key: 'ArrowUp', shiftKey: true });
    await fireEvent.keyDown(input, { key: 'ArrowUp', shiftKey: true });
    expect(onchange.mock.calls).toEqual([[0.2], [1.2], [2]]);
  });
});

it('a switch tells what it is', async () => {
  const onchange = vi.fn();
  render(Switch, { label: 'Search this', onchange });
  const button = screen.getByRole('switch', { name: 'Search this' });
  await fireEvent.click(button);
  expect(button.getAttribute('aria-checked')).toBe('true');
  expect(onchange).toHaveBeenCalledWith(true);
});

describe('an error', () => {
  const fault: Fault = {
    code: 'unknown-argument',
    message: 'there is no such argument',
    file: 'config/config_train.json',
    path: ['train', 'loss', 'args', 'softmaxx'],
    component: 'DiceLoss',
    argument: 'softmaxx',
    allowed: 'softmax, sigmoid',
  };

  it('names file, place, component and what is allowed', async () => {
    const onopen = vi.fn();
    render(ErrorNote, { faults: [fault], onopen });
    expect(screen.getByText('DiceLoss.softmaxx')).toBeTruthy();
    expect(screen.getByText('softmax, sigmoid')).toBeTruthy();
    await fireEvent.click(
      screen.getByRole('button', { name: /config_train[.]json › train[.]loss[.]args[.]softmaxx/ }),
    );
    expect(onopen).toHaveBeenCalledWith(fault);
  });

  it('shows some of many, and all when asked', async () => {
    const faults = Array.from({ length: 9 }, (_, index) => ({ ...fault, message: `wrong ${index}` }));
    render(ErrorNote, { faults, maxShown: 2 });
    expect(screen.getByText('9 things are wrong')).toBeTruthy();
    expect(screen.getAllByRole('listitem')).toHaveLength(2);
    await fireEvent.click(screen.getByRole('button', { name: 'Show all 9' }));
    expect(screen.getAllByRole('listitem')).toHaveLength(9);
  });

  it('without faults is its message', () => {
    render(ErrorNote, { error: new Error('The program cannot be reached.') });
    expect(screen.getByRole('alert').textContent).toContain('The program cannot be reached.');
  });
});

describe('a question', () => {
  it('is answered, and no when another is asked', async () => {
    render(ConfirmHost);
    const first = confirm({ title: 'First?', body: 'One', action: 'Do' });
    const second = confirm({ title: 'Second?', body: 'Two', action: 'Do it' });
    expect(await first).toBe(false);
    await tick();
    await fireEvent.click(await screen.findByRole('button', { name: 'Do it' }));
    expect(await second).toBe(true);
    expect(questions.asked).toBeUndefined();
  });
});

describe('a table of 10,000 rows', () => {
  interface Row {
    readonly name: string;
    readonly score: number;
  }
  const rows: readonly Row[] = Array.from({ length: 10_000 }, (_, index) => ({
    name: `J${index}`,
    score: (index * 7919) % 10_000,
  }));
  const columns = [
    { key: 'name', title: 'Job', value: ({ name }: Row) => name, isFixed: true },
    { key: 'score', title: 'Score', value: ({ score }: Row) => score },
    { key: 'more', title: 'More', value: ({ score }: Row) => score, isHidden: true },
  ];
  const props = { rows, columns, rowKey: ({ name }: Row) => name, label: 'Jobs' };
  const renderTable = (more: object = {}) =>
    // A generic component has no one type of its props.
    render(VirtualTable as unknown as Component<Record<string, unknown>>, { ...props, ...more });

  it('has few of them in the page and tells how many there are', () => {
    renderTable();
    const grid = screen.getByRole('grid', { name: 'Jobs' });
    expect(grid.getAttribute('aria-rowcount')).toBe('10001');
    expect(screen.getAllByRole('row').length).toBeLessThan(60);
  });

  it('sorts when a head is clicked', async () => {
    renderTable();
    await fireEvent.click(screen.getByRole('button', { name: 'Score' }));
    const header = screen
      .getAllByRole('columnheader')
      .find(({ textContent }) => textContent.includes('Score'));
    expect(header?.getAttribute('aria-sort')).toBe('ascending');
    const first = screen.getAllByRole('row').find((row) => row.getAttribute('aria-rowindex') === '2');
    expect(first?.textContent).toContain('J0');
    await fireEvent.click(screen.getByRole('button', { name: 'Score' }));
    const last = screen.getAllByRole('row').find((row) => row.getAttribute('aria-rowindex') === '2');
    expect(last?.textContent).toContain('9999');
  });

  it('moves its active row by keys and opens it with Enter', async () => {
    const onopen = vi.fn();
    renderTable({ active: 'J0', onopen });
    const grid = screen.getByRole('grid');
    await fireEvent.keyDown(grid, { key: 'ArrowDown' });
    await fireEvent.keyDown(grid, { key: 'ArrowDown' });
    await fireEvent.keyDown(grid, { key: 'ArrowUp' });
    await fireEvent.keyDown(grid, { key: 'Enter' });
    expect(onopen.mock.calls).toEqual([[rows[1]]]);
    expect(document.getElementById(grid.getAttribute('aria-activedescendant')!)?.textContent).toContain('J1');
  });

  it('selects with Space, and all', async () => {
    const { container } = renderTable({ active: 'J1', selection: new Set() });
    await fireEvent.keyDown(screen.getByRole('grid'), { key: ' ' });
    expect(container.querySelectorAll('[aria-selected="true"]')).toHaveLength(1);
    await fireEvent.click(screen.getByRole('checkbox', { name: 'Select all' }));
    expect(container.querySelectorAll('[role="row"][aria-selected="false"]')).toHaveLength(0);
  });

  it('shows other rows in the same elements while one scrolls', async () => {
    renderTable({ selection: new Set() });
    const grid = screen.getByRole('grid');
    const elements = screen.getAllByRole('row');
    for (const top of [3_000, 150_000, 60_000]) {
      grid.scrollTop = top;
      await fireEvent.scroll(grid);
      const index = top / 30;
      const shown = await vi.waitFor(() => {
        const found = screen
          .getAllByRole('row')
          .find((row) => row.getAttribute('aria-rowindex') === String(index + 2));
        expect(found).toBeDefined();
        return found!;
      });
      expect(shown.textContent).toContain(`J${index}`);
      expect(within(shown).getByRole('checkbox', { name: `Select J${index}` })).toBeTruthy();
    }
    expect(new Set(screen.getAllByRole('row'))).toEqual(new Set(elements));
  });

  it('shows a state, a share and what is strong beside its text, and lets go of them', async () => {
    const look = ({ name }: Row) =>
      name === 'J0'
        ? { tone: 'ok', isLive: true, share: 0.4, isStrong: true, title: 'Why', text: 'first' }
        : {};
    const looking = [{ key: 'name', title: 'Job', value: ({ name }: Row) => name, look }];
    const { rerender } = renderTable({ columns: looking, rows: rows.slice(0, 1) });
    const cell = screen.getByRole('gridcell');
    expect(cell.querySelector('.state-badge.ok.live')?.textContent).toBe('first');
    expect(cell.querySelector<HTMLElement>('.bar')?.style.backgroundSize).toBe('40% 100%');
    expect([cell.title, cell.classList.contains('strong')]).toEqual(['Why', true]);
    await rerender({ ...props, columns: looking, rows: rows.slice(1, 2) });
    expect(screen.getByRole('gridcell')).toBe(cell);
    expect([cell.innerHTML, cell.title, cell.classList.contains('strong')]).toEqual(['J1', '', false]);
  });

  it('hides columns until they are chosen', () => {
    renderTable();
    expect(screen.queryByText('More')).toBeNull();
  });

  it('says what it has when it is empty', () => {
    const empty = createRawSnippet(() => ({ render: () => '<p>No jobs yet</p>' }));
    renderTable({ rows: [], empty });
    expect(screen.getByText('No jobs yet')).toBeTruthy();
  });
});
