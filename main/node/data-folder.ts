import { homedir } from 'node:os';
import { join } from 'node:path';

/** Names the folder instead of the platform's own; tests and several installations side by side use it. */
export const DATA_FOLDER_VARIABLE = 'OUTERLOOP_DATA';

/** Where the program keeps what belongs to its user and to no MMAR: settings, known MMARs, the tracking store. */
export function dataFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const chosen = environment[DATA_FOLDER_VARIABLE];
  if (chosen !== undefined && chosen !== '') return chosen;
  const home = homedir();
  if (platform === 'win32')
    return join(environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Outerloop');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Outerloop');
  return join(environment['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'outerloop');
}
