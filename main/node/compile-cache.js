/*
 * Plain JavaScript, with main/cli/start.js: for the first TypeScript file that no cache knows, Node loads a compiler that
 * takes the types out, which costs 16 MB and 50 ms. Once this has run, later starts never load it.
 */
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where Node keeps what it made of our source files. In a folder of the user's own: whoever may write there decides what
 * runs, so the system's temporary folder would not do.
 *
 * @param {NodeJS.ProcessEnv} environment
 * @param {NodeJS.Platform} platform
 * @returns {string}
 */
export function cacheFolder(environment = process.env, platform = process.platform) {
  // the name is DATA_FOLDER_VARIABLE of data-folder.ts, which must not be read here
  const chosen = environment['OUTERLOOP_DATA'];
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
export function useCompileCache() {
  enableCompileCache(cacheFolder());
}
