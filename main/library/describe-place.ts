import { homedir, userInfo } from 'node:os';
import { sep } from 'node:path';

/** A path for people: the home is `~`, which also keeps the user's name out of screenshots and reports. */
export function describePlace(path: string, home = homedir()): string {
  if (path === home) return '~';
  return path.startsWith(home + sep) ? `~${path.slice(home.length)}` : path;
}

/** A text without the user's home and name, wherever they stand in it. */
export function redactUser(text: string, home = homedir(), name = userName()): string {
  const withoutHome = text.replaceAll(home, '~');
  // Short names would be found inside other words.
  if (name.length < 3 || name === 'root') return withoutHome;
  return withoutHome.replace(new RegExp(`\\b${name.replace(/[^\w ]/g, '\\$&')}\\b`, 'g'), '<user>');
}

/** The user of this process; empty where the system has no name for them. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a user that nobody named.
    return '';
  }
}
