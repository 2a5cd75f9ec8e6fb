import { FaultError } from '../../common/fault.ts';
import type { ComponentNode } from '../../common/mmar/resolved-config.ts';
import type { MmarFiles } from '../files/mmar-files.ts';
import { checkWritePlace } from '../files/write-places.ts';

/** Arguments of handlers and transforms that name a folder to write to. */
const FOLDERS = ['output_dir', 'save_dir', 'log_dir'] as const;

interface OutputFolder {
  readonly node: ComponentNode;
  readonly argument: string;
  /** As the config has it: relative to the MMAR, or absolute. */
  readonly folder: string;
}

/** The folders that components write to, as far as their arguments say. */
export function listOutputFolders(nodes: readonly ComponentNode[]): readonly OutputFolder[] {
  return nodes.flatMap((node) =>
    FOLDERS.flatMap((argument) => {
      const folder = node.args[argument];
      return typeof folder === 'string' && folder !== '' ? [{ node, argument, folder }] : [];
    }),
  );
}

/**
 * Refuses folders that are not to be written to before anything is computed for them.
 *
 * @throws FaultError `path-not-allowed` with every place in the config that names one
 */
export function requireOutputFolders(
  nodes: readonly ComponentNode[],
  files: MmarFiles,
  configFile: string,
): void {
  const faults = listOutputFolders(nodes).flatMap(({ node, argument, folder }) => {
    try {
      checkWritePlace(files.resolve(folder));
      return [];
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
      const [{ file, ...fault }] = error.faults;
      const place = {
        file: configFile,
        path: [...node.at, 'args', argument],
        component: node.name,
        argument,
      };
      return [{ ...fault, ...place, message: fault.message.replace(/^It/, `"${file}"`) }];
    }
  });
  if (faults.length > 0) throw new FaultError(...faults);
}
