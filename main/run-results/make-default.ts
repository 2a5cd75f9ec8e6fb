import { join } from 'node:path';
import type { DefaultChange } from '../../common/api/results.ts';
import { FaultError } from '../../common/fault.ts';
import { formatJsonPath, isJsonObject, type Json, type JsonPath } from '../../common/json.ts';
import { openText, setValue } from '../../common/mmar-edit/edit-json.ts';
import { applyEdits } from '../../common/mmar-edit/text-edit.ts';
import type { BoundSearchSpace } from '../../common/search-space/read-search-space.ts';
import type { ConcreteSearchValue } from '../../common/search-space/search-space.ts';
import { readSearchSpaceOf } from '../automl/read-search.ts';
import { digest, readSearchedMmar, readText, type SearchedMmar } from '../automl/searched-mmar.ts';
import { writeAtomic } from '../node/write-atomic.ts';
import { withFileFaults } from '../node/file-fault.ts';

/**
 * What would make a job's values those of the MMAR: its train config with them in place, everything else as it was to the
 * last blank. The search stays in it.
 *
 * @param concrete what the job tried, in the config's own terms
 * @throws FaultError `run-changed` when the config no longer searches one of its parameters
 */
export async function planDefault(
  mmarRoot: string,
  trainConfigName: string,
  concrete: ConcreteSearchValue,
): Promise<DefaultChange> {
  const mmar = await readSearchedMmar(mmarRoot, trainConfigName);
  const before = await readText(mmarRoot, mmar.trainConfigFile);
  const places = findPlaces(mmar, concrete);
  const changes = places
    .map(({ path, after }) => ({ path, after, before: valueAt(mmar.trainConfig, path) }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
  const after = changes.reduce(
    (text, change) => applyEdits(text, setValue(openText(text), change.path, change.after)),
    before,
  );
  return {
    file: mmar.trainConfigFile,
    digest: digest(before),
    changes: changes.map(({ path, ...values }) => ({
      path: formatJsonPath(path),
      before: values.before ?? null,
      after: values.after,
    })),
    before,
    after,
  };
}

/** Carries the change out. @throws FaultError `file-changed` when the file is not what it was any more */
export async function makeDefault(
  mmarRoot: string,
  change: DefaultChange,
  expected: string,
): Promise<number> {
  if (change.digest !== expected)
    throw new FaultError({
      code: 'file-changed',
      file: change.file,
      message: 'The train config was changed meanwhile. Nothing was written.',
      allowed: 'to look at the changes again',
    });
  await withFileFaults(change.file, () => writeAtomic(join(mmarRoot, change.file), change.after));
  return change.changes.length;
}

function findPlaces(
  mmar: SearchedMmar,
  concrete: ConcreteSearchValue,
): readonly { readonly path: JsonPath; readonly after: Json }[] {
  const space: BoundSearchSpace = readSearchSpaceOf(mmar, false);
  const gone = Object.keys(concrete).filter((prl) => !space.bindings.some((binding) => binding.prl === prl));
  if (gone.length > 0)
    throw new FaultError({
      code: 'run-changed',
      file: mmar.trainConfigFile,
      message: `The train config does not search ${gone.join(', ')} any more.`,
      allowed: 'a config that searches what the run searched',
    });
  return space.bindings.flatMap(({ prl, column, path }) => {
    const value = concrete[prl];
    if (value === undefined) return [];
    return [{ path, after: typeof value === 'number' ? value : value[column]! }];
  });
}

function valueAt(json: Json, path: JsonPath): Json | undefined {
  let value: Json | undefined = json;
  for (const step of path) {
    if (Array.isArray(value)) value = value[step as number] as Json | undefined;
    else if (isJsonObject(value)) value = value[step];
    else return undefined;
  }
  return value;
}
