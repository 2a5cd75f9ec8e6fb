import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DATA_FOLDER_VARIABLE } from './data-folder.ts';

/**
 * Where Node keeps what it made of our source files. In a folder of the user's own: whoever may write there decides what
 * runs, so the system's temporary folder would not do.
 */
export function cacheFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const chosen = environment[DATA_FOLDER_VARIABLE];
  if (chosen !== undefined && chosen !== '') return join(chosen, 'cache', 'code');
  const home = homedir();
  if (platform === 'win32')
    return join(environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Outerloop', 'Cache', 'code');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'Outerloop', 'code');
  return join(environment['XDG_CACHE_HOME'] ?? join(home, '.cache'), 'outerloop', 'code');
}

/**
 * Lets Node keep the source files that this process reads as it runs them: without types, compiled. To be called before
 * they are imported. A second start takes a third of the first one's time; a folder that cannot be written costs nothing.
 */
export function useCompileCache(): void {
  enableCompileCache(cacheFolder());
}
