import { homedir, hostname, userInfo } from 'node:os';
import { basename } from 'node:path';
import type { LocalNames } from './find-concern.ts';

/** Names that say nothing of anybody, and that are words of their own. */
const COMMON = ['root', 'user', 'admin', 'administrator', 'localhost', 'home', 'ubuntu', 'runner', 'node'];

/** The names of this machine's user and of the machine itself. */
export function readLocalNames(): LocalNames {
  const found = [readUser(), basename(homedir()), hostname(), hostname().split('.')[0]!];
  const names = found.filter((name) => name !== '' && !COMMON.includes(name.toLowerCase()));
  return { names: [...new Set(names)] };
}

function readUser(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}
