import type { TrackingStore } from '../store/tracking-store.ts';
import type { ImportedRegisteredModel, ImportedVersion } from './import-source.ts';

/** The places of the other store's runs and models, and those that they have here. */
export type Places = ReadonlyMap<string, string>;

/**
 * Takes over a registered model. One of its name that is here stays as it is and gets what it has not; a version whose number
 * another one has here gets the next. Versions that were taken over before are known by the moment of their making.
 *
 * @returns how many versions were not there
 */
export function writeRegisteredModel(
  store: TrackingStore,
  model: ImportedRegisteredModel,
  places: Places,
  report: (what: string) => void,
): number {
  const { name, description, createdAt, updatedAt } = model;
  const known = store.registeredModels.find(name);
  if (known === undefined) store.registeredModels.create({ name, description }, createdAt);
  const keptTags = new Set(known?.tags.map(({ key }) => key));
  for (const tag of model.tags) if (!keptTags.has(tag.key)) store.registeredModels.setTag(name, tag);
  const numbers = new Map<number, number>();
  let count = 0;
  for (const version of model.versions) {
    const place = movePlace(version, places, report);
    const request = { ...version, name, ...place, taken: new Set(numbers.values()) };
    const { version: number, isNew } = store.modelVersions.adopt(request);
    numbers.set(version.version, number);
    if (isNew) count++;
    if (isNew && number !== version.version)
      report(`version ${version.version} is version ${number} here, as there was another one`);
  }
  const present = new Set(store.modelVersions.list(name).map(({ version }) => version));
  const keptAliases = new Map(known?.aliases.map(({ alias, version }) => [alias, version]));
  for (const { alias, version } of model.aliases) {
    const number = numbers.get(version);
    const kept = keptAliases.get(alias);
    if (number === undefined || kept === String(number)) continue;
    if (kept !== undefined) report(`alias ${alias}: it names version ${kept} here, and stays so`);
    else if (!present.has(String(number))) report(`alias ${alias}: its version was deleted here`);
    else store.modelVersions.setAlias(name, alias, String(number));
  }
  if (known === undefined) store.registeredModels.touch(name, updatedAt);
  return count;
}

/** What a version says of where its files are, in this store's words. */
function movePlace(
  { version, source }: ImportedVersion,
  places: Places,
  report: (what: string) => void,
): { readonly source: string; readonly storageLocation?: string } {
  if (/^(?:models|runs):/.test(source)) return { source };
  // of the owner's files: all of them, or a folder among them
  for (let at = source; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    const place = places.get(at);
    if (place === undefined) continue;
    const moved = `${place}${source.slice(at.length)}`;
    return { source: moved, storageLocation: moved };
  }
  report(
    `version ${version}: its files are not those of a run or model that was imported; it names them as it did`,
  );
  return { source };
}
