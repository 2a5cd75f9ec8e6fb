import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { FaultError, unwrap } from '../../common/fault.ts';
import { asFileFault } from '../../common/file-fault.ts';
import { isJsonObject, type Json, type JsonObject } from '../../common/json.ts';
import { parseJsonText } from '../../common/mmar/parse-json.ts';
import { countClasses } from './count-classes.ts';
import { fitTemplate } from './fit-template.ts';
import { refuseExisting } from './refuse-existing.ts';
import { surveyCases, type CaseSurvey } from './survey-cases.ts';
import { findTemplate } from './template.ts';

/** What a new MMAR is made from. */
export interface NewMmarRequest {
  readonly template: string;
  /** Absolute path of the MMAR to be; it must not exist, or be empty. */
  readonly folder: string;
  /** Absolute path of the folder that the data list's paths start from; the list's own folder when left out. */
  readonly dataRoot?: string;
  /** Absolute path of the data list; without it the template's settings stay as they are. */
  readonly datalist?: string;
  /** First-level values of config_train.json to change, e.g. `epochs`. */
  readonly settings?: JsonObject;
}

/** What was made, and what was found in the data. */
export interface NewMmar {
  readonly folder: string;
  readonly environment: JsonObject;
  readonly survey?: CaseSurvey;
}

/**
 * Makes an MMAR from a template and fits it to a data list: classes, channels, spacing and patch size go into
 * environment.json, with paths relative to the MMAR. The folder appears complete or not at all.
 *
 * Faults: unknown template, folder that exists, missing or broken data list, images that cannot be read.
 */
export async function newMmar(request: NewMmarRequest): Promise<NewMmar> {
  const template = await findTemplate(request.template);
  await refuseExisting(request.folder);
  const fitted =
    request.datalist === undefined ? undefined : await fitToData(request, template, request.datalist);

  const draft = join(dirname(request.folder), `.${basename(request.folder)}.${process.pid}.new`);
  try {
    await mkdir(dirname(request.folder), { recursive: true });
    await cp(template.folder, draft, { recursive: true });
    await rm(join(draft, 'template.json'));
    const environment = await changeJson(join(draft, 'config/environment.json'), fitted?.environment ?? {});
    if (request.settings !== undefined) {
      refuseUnknownSettings(await readJsonObject(join(draft, 'config/config_train.json')), request.settings);
      await changeJson(join(draft, 'config/config_train.json'), request.settings);
    }
    await mkdir(join(draft, 'models'), { recursive: true });
    await rm(request.folder, { recursive: true, force: true });
    await rename(draft, request.folder);
    return {
      folder: request.folder,
      environment,
      ...(fitted === undefined ? {} : { survey: fitted.survey }),
    };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw asFileFault(error, basename(request.folder));
  }
}

async function fitToData(
  request: NewMmarRequest,
  template: Parameters<typeof fitTemplate>[0],
  datalist: string,
): Promise<{ environment: JsonObject; survey: CaseSurvey }> {
  const listName = basename(datalist);
  const dataRoot = request.dataRoot ?? dirname(datalist);
  const list = await readJsonObject(datalist);
  const survey = await surveyCases(list, dataRoot, listName);
  const classes = survey.classes ?? (await countClasses(list, dataRoot));
  const environment = {
    DATA_ROOT: pathFrom(request.folder, dataRoot),
    DATASET_JSON: pathFrom(request.folder, datalist),
    ...fitTemplate(template, survey, classes),
  };
  return { environment, survey };
}

/** Relative, so that MMAR and data can move together; absolute where there is no way from one to the other. */
function pathFrom(folder: string, target: string): string {
  const path = relative(resolve(folder), resolve(target));
  return isAbsolute(path) ? path : path.split('\\').join('/');
}

function refuseUnknownSettings(config: JsonObject, settings: JsonObject): void {
  const known = Object.keys(config).filter(
    (key) => !isJsonObject(config[key]) && !Array.isArray(config[key]),
  );
  const unknown = Object.keys(settings).filter((key) => !known.includes(key));
  if (unknown.length === 0) return;
  throw new FaultError(
    ...unknown.map((key) => ({
      code: 'unknown-variable' as const,
      message: `"${key}" is no first-level value of the template.`,
      file: 'config/config_train.json',
      allowed: known.join(', '),
    })),
  );
}

async function readJsonObject(file: string): Promise<JsonObject> {
  const name = basename(file);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new FaultError({
      code: code === 'ENOENT' ? 'file-missing' : 'file-unreadable',
      message: code === 'ENOENT' ? 'The file is not there.' : `The file cannot be read (${code}).`,
      file: name,
    });
  }
  const json: Json = unwrap(parseJsonText(text, name));
  if (isJsonObject(json)) return json;
  throw new FaultError({
    code: 'schema',
    message: 'The file does not hold a JSON object.',
    file: name,
    allowed: '{...}',
  });
}

/** Sets first-level keys of a JSON file; returns the whole. */
async function changeJson(file: string, values: JsonObject): Promise<JsonObject> {
  const changed = { ...(await readJsonObject(file)), ...values };
  await writeFile(file, `${JSON.stringify(changed, null, 2)}\n`);
  return changed;
}
