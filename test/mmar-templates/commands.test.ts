import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMmar } from '../../main/mmar/new-mmar.ts';
import { listTemplates } from '../../main/mmar/template.ts';

let folder: string;
const templates = await listTemplates();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outerloop-commands-'));
  // stands for the program: says what it was called with
  writeFileSync(join(folder, 'said'), '#!/bin/sh\nprintf "%s\\n" "$@"\n');
  chmodSync(join(folder, 'said'), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(templates.map(({ name }) => name))('the commands of %s', (template) => {
  const call = (mmar: string, script: string, ...args: string[]): string[] =>
    execFileSync(join(mmar, 'commands', script), args, {
      cwd: tmpdir(),
      encoding: 'utf8',
      env: { ...process.env, OUTERLOOP: join(folder, 'said') },
    })
      .trim()
      .split('\n');

  it('call the program for the MMAR that they stand in, wherever that is', async () => {
    const mmar = join(folder, `my ${template}`);
    await newMmar({ template, folder: mmar });
    const scripts = readdirSync(join(mmar, 'commands')).filter((script) => script !== 'set_env.sh');
    expect(scripts).toEqual(
      expect.arrayContaining(['train.sh', 'train_finetune.sh', 'automl.sh', 'automl_train_round.sh']),
    );
    for (const script of scripts) {
      const said = call(mmar, script);
      expect(said[0], script).toMatch(/^(train|automl|evaluate|export)$/);
      expect(said[said.indexOf('-m') + 1], script).toBe(mmar);
    }
  });

  it('pass further settings on', async () => {
    const mmar = join(folder, `settings ${template}`);
    await newMmar({ template, folder: mmar });
    expect(call(mmar, 'train.sh', 'epochs=3').slice(-3)).toEqual(['--set', 'print_conf=True', 'epochs=3']);
    expect(call(mmar, 'automl.sh', 'second', 'workers=0:0')).toEqual(
      expect.arrayContaining(['run_id=second', 'workers=0:0']),
    );
  });

  it('say what to do when the program is not on the PATH', async () => {
    const mmar = join(folder, `lost ${template}`);
    await newMmar({ template, folder: mmar });
    const run = spawnSync(join(mmar, 'commands/train.sh'), {
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin', OUTERLOOP: join(folder, 'nowhere') },
    });
    expect(run.status).toBe(127);
    expect(run.stderr).toContain('Set OUTERLOOP');
  });
});
