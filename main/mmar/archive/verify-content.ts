import { FaultError, type Fault } from '../../../common/fault.ts';
import { digestContent, type ArchiveManifest, type PackedFile } from './manifest.ts';

/** Compares what came out of an archive with its manifest. @throws FaultError `archive` with every difference */
export function compareWithManifest(manifest: ArchiveManifest, files: readonly PackedFile[]): void {
  const found = new Map(files.map((file) => [file.path, file]));
  const listed = new Map(manifest.files.map((file) => [file.path, file]));
  const faults: Fault[] = [];
  for (const { path, sha256, sizeBytes } of manifest.files) {
    const file = found.get(path);
    if (file === undefined) faults.push(differs(path, 'is in the manifest and not in the archive'));
    else if (file.sha256 !== sha256 || file.sizeBytes !== sizeBytes)
      faults.push(differs(path, 'is not the file that was packed'));
  }
  for (const { path } of files) if (!listed.has(path)) faults.push(differs(path, 'is not in the manifest'));
  if (faults.length === 0 && digestContent(files) !== manifest.digest)
    faults.push({ code: 'archive', message: "The manifest's digest is not the one of its files." });
  if (faults.length > 0) throw new FaultError(...faults);
}

function differs(file: string, how: string): Fault {
  return { code: 'archive', file, message: `This file ${how}.`, allowed: 'an archive as it was packed' };
}
