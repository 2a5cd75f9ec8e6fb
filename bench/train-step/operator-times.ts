import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the operators of one kind cost per step. */
export interface OperatorTime {
  readonly operator: string;
  /** Nodes of that kind in the graph. */
  readonly count: number;
  readonly msPerStep: number;
}

interface TraceEvent {
  readonly cat: string;
  readonly name: string;
  /** Microseconds. */
  readonly dur: number;
  readonly args?: { readonly op_name?: string; readonly output_type_shape?: readonly object[] };
}

/** Reads ONNX Runtime's profile out of the folder: the time per kind of operator, the dearest first. */
export function readOperatorTimes(folder: string, withShapes = false): OperatorTime[] {
  const file = readdirSync(folder).find((name) => name.startsWith('profile') && name.endsWith('.json'));
  if (file === undefined) throw new Error('ONNX Runtime wrote no profile');
  const events = JSON.parse(readFileSync(join(folder, file), 'utf8')) as TraceEvent[];
  const times = new Map<string, { count: number; microseconds: number }>();
  for (const { operator, microseconds } of fastestRuns(events, withShapes)) {
    const time = times.get(operator) ?? { count: 0, microseconds: 0 };
    times.set(operator, { count: time.count + 1, microseconds: time.microseconds + microseconds });
  }
  return [...times]
    .map(([operator, { count, microseconds }]) => ({ operator, count, msPerStep: microseconds / 1000 }))
    .sort((a, b) => b.msPerStep - a.msPerStep);
}

/** Per node of the graph its fastest run: what other programs on the machine have disturbed least. */
function fastestRuns(
  events: readonly TraceEvent[],
  withShapes: boolean,
): Iterable<{ operator: string; microseconds: number }> {
  const runs = new Map<string, { operator: string; microseconds: number }>();
  for (const { cat, name, dur, args } of events) {
    if (cat !== 'Node' || args?.op_name === undefined || !name.endsWith('_kernel_time')) continue;
    const shapes = withShapes ? ` ${describeShapes(args.output_type_shape ?? [])}` : '';
    const microseconds = Math.min(dur, runs.get(name)?.microseconds ?? Infinity);
    runs.set(name, { operator: args.op_name + shapes, microseconds });
  }
  return runs.values();
}

const describeShapes = (types: readonly object[]): string =>
  types.map((type) => Object.values(type).map((shape) => `[${String(shape)}]`)).join(' ');
