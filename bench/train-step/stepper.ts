import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** One training step as a program measured it. */
export interface StepTime {
  readonly ms: number;
  /** Processor time of all threads. */
  readonly cpuMs: number;
  readonly loss: number;
}

/** A program that makes training steps when it is told to. */
export interface Stepper {
  /** Which runtime it is, with its version. */
  readonly runtime: string;
  step(): Promise<StepTime>;
  /** Ends the program. Gives the largest resident memory that its process ever had, in MiB. */
  end(): Promise<number>;
}

/** Starts a program that speaks the bench's protocol: a line in, a line of JSON out. Throws when it ends early. */
export async function startStepper(command: string, args: readonly string[]): Promise<Stepper> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async (): Promise<Record<string, unknown>> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${command} ${args[0]} ended early`);
    return JSON.parse(value) as Record<string, unknown>;
  };
  const ask = (line: string): Promise<Record<string, unknown>> => {
    child.stdin.write(`${line}\n`);
    return read();
  };
  const { ready } = await read();
  return {
    runtime: String(ready),
    step: async () => (await ask('step')) as unknown as StepTime,
    end: async () => {
      const { peakMiB } = await ask('end');
      child.stdin.end();
      return Number(peakMiB);
    },
  };
}
