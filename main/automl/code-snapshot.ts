import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FaultError } from '../../common/fault.ts';
import {
  CODE_FOLDERS,
  digestUserCode,
  surveyCode,
  type CodeFile,
  type CodeSurvey,
} from '../mmar/trust/list-user-code.ts';
import { withFileFaults } from '../node/file-fault.ts';
import { RUN_FILES } from './run-folder.ts';

/** The code of an MMAR as it was when a run started, which all its jobs and components run. */
export interface CodeSnapshot extends CodeSurvey {
  /** Absolute path of the folder that holds it, laid out as the MMAR. */
  readonly root: string;
}

/**
 * Copies the code of an MMAR into the folder of a run, in place of a copy that is there. Whoever changes the MMAR while the
 * run goes on changes nothing of the run.
 *
 * @param check is told what would be copied, and throws where it must not take the place of the copy that is there
 * @throws FaultError `run-changed` when a file changes while it is copied
 */
export async function takeCodeSnapshot(
  mmarRoot: string,
  runRoot: string,
  check: (code: CodeSurvey) => void = () => undefined,
): Promise<CodeSnapshot> {
  const survey = await surveyCode(mmarRoot);
  check(survey);
  const root = join(runRoot, RUN_FILES.code);
  const draft = `${root}.new`;
  await withFileFaults(RUN_FILES.code, async () => {
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true });
    for (const file of survey.files) await copyVerified(mmarRoot, draft, file);
    await rm(root, { recursive: true, force: true });
    await rename(draft, root);
  });
  return { root, ...survey };
}

/**
 * Whether code may run by what was decided: true for whatever it is, a digest of the trust store for that code alone.
 *
 * @throws FaultError `not-trusted` for other code than that of the digest
 */
export function mayRun({ own }: CodeSnapshot, trust: boolean | string | undefined): boolean {
  if (typeof trust !== 'string') return trust === true;
  if (trust === digestUserCode(own)) return true;
  throw new FaultError({
    code: 'not-trusted',
    message: 'The code of the MMAR has changed since it was trusted.',
    allowed: 'a new start, after a new look at the code',
  });
}

/** Puts the code into the MMAR of a job, in place of what is in its code folders. @throws FaultError `run-changed` */
export async function placeCode({ root, files }: CodeSnapshot, jobRoot: string): Promise<void> {
  for (const folder of CODE_FOLDERS) await rm(join(jobRoot, folder), { recursive: true, force: true });
  for (const file of files)
    await withFileFaults(`${RUN_FILES.code}/${file.path}`, () => copyVerified(root, jobRoot, file));
}

/** What is written is what was read and compared, whatever happens to the file meanwhile. */
async function copyVerified(from: string, to: string, { path, sha256 }: CodeFile): Promise<void> {
  const content = await readFile(join(from, path));
  if (createHash('sha256').update(content).digest('hex') !== sha256) throw changedCode(path);
  const { mode } = await stat(join(from, path));
  await mkdir(dirname(join(to, path)), { recursive: true });
  // a link that was copied with the rest would lead the write out of the job, to a file of somebody
  await rm(join(to, path), { recursive: true, force: true });
  await writeFile(join(to, path), content, { flag: 'wx' });
  await chmod(join(to, path), (mode & 0o777) | 0o200);
}

const changedCode = (path: string): FaultError =>
  new FaultError({
    code: 'run-changed',
    file: path,
    message:
      "The file has changed since the run's code was looked at, so it is not the code that was trusted.",
    allowed: 'a new start of the run, after a new look at the code',
  });
