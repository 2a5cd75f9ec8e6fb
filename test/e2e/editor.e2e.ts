import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { JsonObject } from '../../common/json.ts';
import { KnownMmars } from '../../main/library/known-mmars.ts';
import { newMmar } from '../../main/mmar/new-mmar.ts';
import { systemClock } from '../../main/node/system-clock.ts';
import { findChromium, launchChromium } from './chromium.ts';
import { launchServe, type Served } from './launch-serve.ts';
import { makeDataSet } from './make-data-set.ts';
import { openWindow, type OpenWindow } from './open-window.ts';

const chromium = findChromium('the editor in a browser');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds wrong with the editor: the frame around it has its own tests. */
async function findViolations(page: Page): Promise<readonly unknown[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: tool } = globalThis as unknown as {
      axe: {
        run(
          place: unknown,
          options: unknown,
        ): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
      };
    };
    const { violations } = await tool.run(
      { include: ['main', '[role="dialog"]'] },
      { resultTypes: ['violations'] },
    );
    return violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html.slice(0, 200)) }));
  });
}

describe.skipIf(chromium === undefined)('the editor', () => {
  let home: string;
  let root: string;
  let served: Served;
  let browser: Browser;
  let window: OpenWindow;
  let page: Page;
  let original: string;

  const trainConfig = (): string => readFileSync(join(root, 'config/config_train.json'), 'utf8');
  const transforms = (): unknown[] => {
    const { train } = JSON.parse(trainConfig()) as { train: { pre_transforms: JsonObject[] } };
    return train.pre_transforms.map(({ name }) => name);
  };
  const onDisk = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 10_000, interval: 50 });
  const save = (): Promise<void> => page.keyboard.press('ControlOrMeta+S');
  const undo = (): Promise<void> => page.getByRole('button', { name: 'Undo' }).click();
  const mode = (name: string) => page.getByRole('radio', { name, exact: true }).check({ force: true });
  const slot = (name: string) => page.getByRole('group', { name, exact: true }).first();
  const field = (name: string) => page.getByRole('textbox', { name, exact: true }).first();

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'outerloop-editor-'));
    root = join(home, 'study');
    await newMmar({ template: 'segmentation-unet-3d', folder: root, datalist: await makeDataSet(home) });
    original = trainConfig();
    const mmar = new KnownMmars(join(home, 'data'), systemClock).add(root);
    served = await launchServe(home);
    browser = await launchChromium(chromium!);
    window = await openWindow(browser, served.url);
    page = window.page;
    page.setDefaultTimeout(15_000);
    await page.evaluate(`location.hash = '#/mmar/${mmar}/edit'`);
    await page.getByRole('heading', { name: 'config_train.json' }).waitFor();
  });
  afterAll(async () => {
    await window?.keepPicture('editor-end').catch(() => undefined);
    await browser?.close();
    await served?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('searches an argument, and takes that back without a trace', async () => {
    await slot('Network').getByText('UNet').click();
    await page.getByRole('switch', { name: 'Search num_res_units' }).click();
    await save();
    await onDisk(() =>
      expect(trainConfig()).toContain(
        '"search": [{ "domain": "net", "type": "int", "args": ["num_res_units"], "targets": [1, 4] }]',
      ),
    );
    await page.getByRole('switch', { name: 'Search num_res_units' }).click();
    await save();
    await onDisk(() => expect(trainConfig()).toBe(original));
  });

  it('moves components by key and by mouse, and undoes it', async () => {
    await slot('Pre-transforms').getByText('LoadImaged').focus();
    const toggle = slot('Pre-transforms').locator('[data-card-toggle]').first();
    await toggle.focus();
    await page.keyboard.press('Alt+ArrowDown');
    await save();
    await onDisk(() => expect(transforms().slice(0, 2)).toEqual(['EnsureChannelFirstd', 'LoadImaged']));
    await undo();
    const target = slot('Pre-transforms').getByRole('listitem').nth(2);
    const { height } = (await target.boundingBox())!;
    await slot('Pre-transforms')
      .locator('[draggable=true]')
      .first()
      .dragTo(target, { targetPosition: { x: 100, y: height - 4 } });
    await save();
    await onDisk(() => expect(transforms()[2]).toBe('LoadImaged'));
    await undo();
    await save();
    await onDisk(() => expect(trainConfig()).toBe(original));
  });

  it('adds a component from the catalogue, and lets a search choose between two', async () => {
    await slot('Optimizer').getByRole('button', { name: 'Add an alternative' }).click();
    await page
      .getByRole('searchbox', { name: 'Search the catalogue' })
      .or(page.getByPlaceholder('Search the catalogue'))
      .first()
      .fill('SGD');
    await page.keyboard.press('Enter');
    await slot('Optimizer').getByRole('button', { name: 'Let the search choose' }).click();
    await page.getByText('4 combinations').waitFor();
    await save();
    await onDisk(() => expect(trainConfig()).toContain('["adam_disabled", "sgd_disabled"]'));
    await undo();
    await undo();
    await save();
    await onDisk(() => expect(trainConfig()).toBe(original));
  });

  it('completes in the text, marks what is wrong there, and shares the history with the form', async () => {
    await mode('JSON');
    await page.locator('.cm-line', { hasText: '"epochs": 30' }).click();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('"cudnn');
    await page.getByRole('option', { name: /cudnn_benchmark/ }).waitFor();
    await page.locator('.cm-lintRange-error').first().waitFor();
    // The list is put in place a moment after it is there.
    await page.waitForTimeout(500);
    expect(await findViolations(page)).toEqual([]);
    await window.keepPicture('editor-completion');
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
    await page.keyboard.type(',');
    await mode('Form');
    await page.getByText('cudnn_benchmark').first().waitFor();
    for (let left = 20; left > 0 && (await page.getByRole('button', { name: 'Undo' }).isEnabled()); left--)
      await undo();
    await page.getByText('cudnn_benchmark').waitFor({ state: 'detached' });
  });

  it('puts what another program wrote beside what was typed', async () => {
    await field('learning_rate').fill('0.005');
    writeFileSync(join(root, 'config/config_train.json'), original.replace('"epochs": 30', '"epochs": 99'));
    await page.getByText('Another program changed this file').waitFor();
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.locator('.cm-changedLine').first().waitFor();
    expect(await findViolations(page)).toEqual([]);
    await window.keepPicture('editor-outside-change');
    await page.getByRole('button', { name: 'Take theirs' }).click();
    await mode('Form');
    await vi.waitFor(async () => expect(await field('epochs').inputValue()).toBe('99'));
    writeFileSync(join(root, 'config/config_train.json'), original);
    await vi.waitFor(async () => expect(await field('epochs').inputValue()).toBe('30'), { timeout: 10_000 });
  });

  it('loses nothing when the program is killed, nor when the window is closed', async () => {
    window.watch.expect('ERR_CONNECTION_REFUSED');
    window.watch.expect('WebSocket connection');
    await served.kill();
    await field('epochs').fill('55');
    await page.getByText('Not saved').first().waitFor();
    await served.start();
    await vi.waitFor(async () => expect(await page.getByText('cannot be reached').count()).toBe(0), {
      timeout: 20_000,
    });
    // Handed over a moment after the line stands again.
    await page.waitForTimeout(4000);
    await page.reload();
    await page.getByText('Unsaved changes were brought back').waitFor();
    expect(await field('epochs').inputValue()).toBe('55');
    await page.getByRole('button', { name: 'Discard them' }).click();
    await vi.waitFor(async () => expect(await field('epochs').inputValue()).toBe('30'));
    expect(trainConfig()).toBe(original);
  });

  it('can be used by everybody, in both themes', async () => {
    for (const theme of ['dark', 'light']) {
      await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
      for (const file of [
        'environment.json',
        'config_automl.json',
        'config_validation.json',
        'config_train.json',
      ]) {
        await page.getByRole('treeitem', { name: new RegExp(file) }).click();
        await page.getByRole('heading', { name: file }).waitFor();
        await page.waitForTimeout(1500);
        await window.keepPicture(`editor-${file.replace('.json', '')}-${theme}`);
        expect(await findViolations(page), `${file}, ${theme}`).toEqual([]);
      }
      await slot('Pre-transforms').getByRole('button', { name: 'Add', exact: true }).click();
      await page.getByRole('dialog').waitFor();
      expect(await findViolations(page), `catalogue, ${theme}`).toEqual([]);
      await page.keyboard.press('Escape');
    }
  });

  it('edits a copy of the data list as a table, and splits it anew', async () => {
    await page.getByRole('treeitem', { name: 'environment.json' }).click();
    await page.getByRole('button', { name: 'Edit a copy' }).click();
    const cases = page.getByRole('grid', { name: 'Cases of the data list' });
    await page.getByRole('radio', { name: /^All 9/ }).waitFor();
    await cases.getByText('ok', { exact: true }).first().waitFor();
    expect(await findViolations(page)).toEqual([]);

    const list = (): Record<string, JsonObject[]> =>
      JSON.parse(readFileSync(join(root, 'config/dataset_0.json'), 'utf8')) as Record<string, JsonObject[]>;
    const boxes = cases.getByRole('checkbox');
    await boxes.nth(1).check();
    await boxes.nth(2).check();
    await page.getByRole('button', { name: 'Move to another section' }).click();
    await page.getByRole('menuitem', { name: 'To validation' }).click();
    await page.getByRole('radio', { name: 'validation 4' }).waitFor();
    await page.keyboard.press('Delete');
    await page.getByRole('radio', { name: /^All 7/ }).waitFor();
    await undo();
    await page.getByRole('radio', { name: 'validation 4' }).waitFor();

    await page.getByRole('button', { name: 'Split anew' }).click();
    await page.getByRole('radio', { name: 'By the path' }).check({ force: true });
    await page.getByPlaceholder(String.raw`(sub-\d+)`).fill('nothing');
    await page.getByText('It cannot be split so').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.getByPlaceholder(String.raw`(sub-\d+)`).fill(String.raw`\d+`);
    await page.getByText('each in one part').waitFor();
    await page.getByRole('button', { name: 'Split', exact: true }).click();
    await page.keyboard.press('ControlOrMeta+Shift+S');
    await onDisk(() => expect(list().split).toMatchObject({ patients: { pattern: String.raw`\d+` } }));
    expect([...list().training!, ...list().validation!]).toHaveLength(8);
    await window.keepPicture('editor-data-list');
  });

  it('says which files are no text', async () => {
    writeFileSync(join(root, 'models/model.pt'), new Uint8Array([80, 75, 3, 4, 0]));
    await page.getByRole('treeitem', { name: 'models' }).click();
    await page.getByRole('treeitem', { name: 'model.pt' }).click();
    await page.getByText('The file holds bytes that no text has.').waitFor();
  });

  it('complained of nothing', () => {
    expect(window.watch.complaints).toEqual([]);
  });
});
