import { existsSync, readFileSync } from 'node:fs';
import { choice, int, type Problem } from './problem.ts';

interface Table {
  readonly name: string;
  readonly axes: readonly { readonly name: string; readonly values: readonly (number | string)[] }[];
  readonly minimum: number;
}

/** A table of results of trainings, every point of its grid once; undefined where it is not on this machine. */
export function loadTable(folder: string, name: string): Problem | undefined {
  const description = `${folder}/${name}.json`;
  if (!existsSync(description)) return undefined;
  const table = JSON.parse(readFileSync(description, 'utf8')) as Table;
  const bytes = readFileSync(`${folder}/${name}.f32`);
  const losses = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  // The operations of a cell have numbers, but no order.
  const isCategorical = ({ name: axis, values }: Table['axes'][number]): boolean =>
    typeof values[0] === 'string' || axis.startsWith('Op');
  return {
    name,
    space: {
      parameters: table.axes.map((axis) =>
        isCategorical(axis)
          ? choice(axis.name, axis.values.length)
          : int(axis.name, 0, axis.values.length - 1),
      ),
    },
    optimum: table.minimum,
    evaluate: (values) =>
      losses[table.axes.reduce((index, axis) => index * axis.values.length + values[axis.name], 0)],
  };
}
