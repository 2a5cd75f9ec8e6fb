import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import type { Fault } from '../../../common/fault.ts';
import type { JsonObject } from '../../../common/json.ts';
import type { ResolvedAutomlConfig } from '../../../common/mmar/config-automl.ts';

/** Variables of environment.json that lead to a site's data, by what they lead to. */
const DATA_VARIABLES = { DATA_ROOT: 'folder', DATASET_JSON: 'data list' } as const;

/** The command of a search's CommandExecutor, relative to the MMAR; undefined with another executor. */
export function siteCommandOf({ executor }: ResolvedAutomlConfig): string | undefined {
  const { name, path, args } = executor;
  if (path !== undefined || name !== 'CommandExecutor') return undefined;
  return typeof args.command === 'string' ? args.command : 'commands/automl_train_round.sh';
}

/** What a search by a site's own command needs, as far as it can be known here. */
export interface SiteFindings {
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
  /** The command calls this program, so its trainer's checks say something. */
  readonly callsOwnTrainer: boolean;
}

/**
 * Checks that the command is in the MMAR and can be started, and whether the data is where the environment says: a
 * command may see other folders, in a container for example, so missing data is a warning.
 *
 * @param automlFile the config that names the command, for messages
 */
export async function checkSiteTraining(
  mmarRoot: string,
  command: string,
  environment: JsonObject,
  automlFile: string,
): Promise<SiteFindings> {
  const fault = await findCommandFault(mmarRoot, command);
  const where = {
    file: automlFile,
    path: ['executor', 'args', 'command'],
    component: 'CommandExecutor',
    argument: 'command',
  };
  const text = fault === undefined ? await readFile(resolve(mmarRoot, command), 'latin1') : '';
  return {
    faults: fault === undefined ? [] : [{ ...where, ...fault }],
    warnings: await findMissingData(mmarRoot, environment),
    callsOwnTrainer: /\bOUTERLOOP\b|\bouterloop\b/.test(text),
  };
}

/** A finding of our own trainer's checks, where another program may have the last word. */
export function weaken(fault: Fault, command: string): Fault {
  return {
    ...fault,
    message: `${fault.message} Outerloop's own trainer, which ${command} seems to call, would refuse this.`,
  };
}

async function findCommandFault(
  mmarRoot: string,
  command: string,
): Promise<Pick<Fault, 'code' | 'message' | 'allowed'> | undefined> {
  const file = resolve(mmarRoot, command);
  const inside = relative(mmarRoot, file);
  if (isAbsolute(command) || !/^(commands|custom)[\\/]/.test(inside))
    return {
      code: 'wrong-argument',
      message: `The command "${command}" is not in commands/ or custom/ of the MMAR, whose files a user can trust.`,
      allowed: 'a path within the MMAR, such as commands/automl_train_round.sh',
    };
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true)
    return {
      code: 'file-missing',
      message: `The command "${command}" is not there.`,
      allowed: 'a script or program of the MMAR, such as commands/automl_train_round.sh',
    };
  if (command.endsWith('.sh') || process.platform === 'win32') return undefined;
  const isExecutable = await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (isExecutable) return undefined;
  return {
    code: 'wrong-argument',
    message: `The command "${command}" cannot be executed.`,
    allowed: 'a file that may be executed (chmod +x), or a script whose name ends with .sh',
  };
}

async function findMissingData(mmarRoot: string, environment: JsonObject): Promise<readonly Fault[]> {
  const faults = await Promise.all(
    Object.entries(DATA_VARIABLES).map(async ([variable, kind]): Promise<readonly Fault[]> => {
      const path = environment[variable];
      if (typeof path !== 'string' || path.includes('{')) return [];
      const isThere = await stat(resolve(mmarRoot, path)).then(
        () => true,
        () => false,
      );
      if (isThere) return [];
      return [
        {
          code: 'file-missing',
          file: 'config/environment.json',
          path: [variable],
          message: `The ${kind} that ${variable} names is not there.`,
          allowed: 'a path that the command can read',
        },
      ];
    }),
  );
  return faults.flat();
}
