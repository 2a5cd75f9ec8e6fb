import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where one process of the program listens for another. */
export interface PipeAddress {
  /** For `net` and `http`: a socket file in a folder of its own that only the user may enter, or a named pipe. */
  readonly address: string;
  remove(): void;
}

export function makePipeAddress(platform: NodeJS.Platform = process.platform): PipeAddress {
  if (platform === 'win32') {
    const name = randomBytes(16).toString('hex');
    return { address: `\\\\.\\pipe\\outerloop-${name}`, remove: () => undefined };
  }
  // mkdtemp makes it with mode 0700. The path stays short: socket files may have about a hundred bytes.
  const folder = mkdtempSync(join(tmpdir(), 'outerloop-'));
  return { address: join(folder, 's'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
