import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Bytes since a moment that does not change while the machine runs. */
export interface NetworkBytes {
  readonly received: number;
  readonly sent: number;
}

/** What a system tells of its network: how it is asked, and how its answer is read. */
interface Source {
  readonly ask: () => Promise<string>;
  readonly parse: (text: string) => NetworkBytes | undefined;
}

const SOURCES: Partial<Record<NodeJS.Platform, Source>> = {
  linux: { ask: () => readFile('/proc/net/dev', 'latin1'), parse: parseProcNetDev },
  darwin: { ask: () => ask('netstat', ['-ibn']), parse: parseNetstat },
  win32: { ask: () => ask('netstat', ['-e']), parse: parseNetstatWindows },
};

/** All that went through the interfaces of this machine; undefined where the system does not say. Never rejects. */
export async function readNetworkBytes(): Promise<NetworkBytes | undefined> {
  const source = SOURCES[process.platform];
  if (source === undefined) return undefined;
  return source.ask().then(source.parse, () => undefined);
}

/** Linux: lines as `eth0: <received bytes> <7 more> <sent bytes> <7 more>`. Source: proc_net(5). */
export function parseProcNetDev(text: string): NetworkBytes | undefined {
  const lines = [...text.matchAll(/^\s*([^\s:]+):\s*(\d+)(?:\s+\d+){7}\s+(\d+)/gm)];
  return sum(lines.map(([, , received, sent]) => [received, sent]));
}

/** macOS: one line of an interface per address, with the same numbers; the one of its link (`<Link#4>`) is taken. */
export function parseNetstat(text: string): NetworkBytes | undefined {
  const lines = [...text.matchAll(/^\S+\s+\d+\s+<Link#\d+>(?:\s+[0-9a-f]+:[0-9a-f:.]+)?((?:\s+\d+){6,})/gm)];
  return sum(
    lines.map(([, numbers = '']) => {
      const [, , received, , , sent] = numbers.trim().split(/\s+/);
      return [received, sent];
    }),
  );
}

/** Windows: the first line with two numbers, in whatever language: bytes received and sent. */
export function parseNetstatWindows(text: string): NetworkBytes | undefined {
  const line = /^[^\d\n]+?(\d+)\s+(\d+)\s*$/m.exec(text);
  return line === null ? undefined : sum([[line[1], line[2]]]);
}

function sum(pairs: readonly (readonly (string | undefined)[])[]): NetworkBytes | undefined {
  if (pairs.length === 0) return undefined;
  const total = (column: number): number => pairs.reduce((all, pair) => all + Number(pair[column] ?? 0), 0);
  return { received: total(0), sent: total(1) };
}

async function ask(program: string, args: readonly string[]): Promise<string> {
  return (await run(program, args, { timeout: 5000, windowsHide: true })).stdout;
}
