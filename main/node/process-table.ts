import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { ProcessIdentity, ProcessTable } from '../ports/processes.ts';

/** The processes of this machine, by pid and start time. */
export const processTable: ProcessTable = {
  identify(pid) {
    if (!isRunning(pid)) return undefined;
    const started = readStartTime(pid);
    return started === undefined ? undefined : { pid, started, host: hostname() };
  },
  self: () => (ownIdentity ??= processTable.identify(process.pid)!),
};

let ownIdentity: ProcessIdentity | undefined;

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Undefined for a process that is gone (or is a zombie, which is gone but for its exit code). */
function readStartTime(pid: number): string | undefined {
  if (process.platform === 'linux') return readLinuxStartTime(pid);
  if (process.platform === 'win32')
    return query('powershell.exe', [
      '-NoProfile',
      '-Command',
      `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`,
    ]);
  return query('ps', ['-o', 'lstart=', '-p', String(pid)]);
}

/** Clock ticks since the boot, and the boot. Source: proc_pid_stat(5), field 22. */
function readLinuxStartTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The program's name, field 2, may hold spaces and parentheses: count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${boot}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** What a program of the system says; empty when it cannot be asked, so that only the pid counts. */
function query(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', timeout: 10_000, windowsHide: true }).trim();
  } catch {
    return '';
  }
}
