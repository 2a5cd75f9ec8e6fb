import type { Command } from 'commander';
import type { SetExitCode } from './exit-code.ts';
import type { Output } from './output.ts';

/** Puts commands into a program. `rest` is what the command line says after the group's word. */
export type AddCommands = (
  parent: Command,
  output: Output,
  setExitCode: SetExitCode,
  rest: readonly string[],
) => void | Promise<void>;

/** Commands that are read from their file only when one of them is called. */
export interface CommandGroup {
  readonly words: readonly string[];
  readonly load: () => Promise<AddCommands>;
}

/**
 * Puts in the one group that has the first word, or all where none has: for help, and to say what was misspelled. Most of a
 * short command's time is the reading of others'.
 */
export async function loadCommands(
  groups: readonly CommandGroup[],
  [word, ...rest]: readonly string[],
  parent: Command,
  output: Output,
  setExitCode: SetExitCode,
): Promise<void> {
  const called = groups.filter(({ words }) => word !== undefined && words.includes(word));
  const loaded = await Promise.all((called.length === 0 ? groups : called).map(({ load }) => load()));
  for (const add of loaded) await add(parent, output, setExitCode, rest);
}
