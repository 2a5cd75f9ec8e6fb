import { execFileSync } from 'node:child_process';

/** Sends a signal to a process that leads a group, and to all in it. False when there is none. */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    if (process.platform === 'win32') killWindowsTree(pid);
    else process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** True while the group has members, zombies included. Only for systems with process groups. */
export function groupExists(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Windows has no groups and no polite signal: the tree is ended at once. */
function killWindowsTree(pid: number): void {
  execFileSync('taskkill', ['/PID', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
}
