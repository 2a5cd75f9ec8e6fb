import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepSearchedConfigs } from '../../../main/automl/searched-configs.ts';

const TRAIN = '{ "epochs": 3, // kept\n  "search": [] }';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

let root: string;
let runRoot: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'outerloop-searched-'));
  runRoot = join(root, 'automl/first');
  mkdirSync(runRoot, { recursive: true });
  write('config/config_train.json', TRAIN);
  write('config/search.json', '{"controller": {}}');
  write('config/environment.json', '{"DATASET_JSON": "data/list.json"}');
  write('data/list.json', '{"training": []}');
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, content: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), content);
}

const kept = (file: string): string => readFileSync(join(runRoot, 'searched', file), 'utf8');

const keep = (
  changes: { readonly digest?: string; readonly automl?: string; readonly list?: string } = {},
) => {
  const { digest = sha256(TRAIN), automl = 'config/search.json', list = 'data/list.json' } = changes;
  const mmar = {
    root,
    trainConfigFile: 'config/config_train.json',
    trainConfig: {},
    trainConfigDigest: digest,
    environment: { DATASET_JSON: list },
  };
  const component = { path: 'x', args: {} };
  const config = { file: automl, controller: component, executor: component, handlers: [] };
  return keepSearchedConfigs({ mmar, config } as never, runRoot);
};

describe('what a run searches', () => {
  it('is kept as it was written, with the digest of its data list', async () => {
    await keep();
    expect(kept('config/config_train.json')).toBe(TRAIN);
    expect(kept('config/search.json')).toBe('{"controller": {}}');
    expect(JSON.parse(kept('searched.json'))).toEqual({
      outerloop_searched: 1,
      config_train: 'config/config_train.json',
      config_automl: 'config/search.json',
      environment: 'config/environment.json',
      data_list: { file: 'data/list.json', sha256: sha256('{"training": []}') },
    });
    expect(readdirSync(runRoot)).toEqual(['searched']);
  });

  it('stays when the run is resumed, and comes with the first resume of an older run', async () => {
    await keep();
    write('config/environment.json', '{}');
    await keep();
    expect(kept('config/environment.json')).toContain('DATASET_JSON');
    rmSync(join(runRoot, 'searched'), { recursive: true });
    await keep();
    expect(kept('config/environment.json')).toBe('{}');
  });

  it('may have no environment and no data list', async () => {
    rmSync(join(root, 'config/environment.json'));
    await keep({ list: 'data/none.json' });
    expect(JSON.parse(kept('searched.json'))).toMatchObject({ environment: null, data_list: null });
  });

  it('leads nowhere out of its folder', async () => {
    write('outside.json', '{}');
    await keep({ automl: 'config/../outside.json' });
    expect(kept('config/outside.json')).toBe('{}');
  });

  it('is not kept when it is another than what was checked', async () => {
    await expect(keep({ digest: sha256('other') })).rejects.toMatchObject({
      faults: [{ code: 'run-changed', file: 'config/config_train.json' }],
    });
    expect(existsSync(join(runRoot, 'searched'))).toBe(false);
  });
});
