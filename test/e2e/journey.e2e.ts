import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { findChromium, launchChromium } from './chromium.ts';
import { findBarriers } from './find-barriers.ts';
import { launchServe, type Served } from './launch-serve.ts';
import { makeDataSet } from './make-data-set.ts';
import { openWindow, type OpenWindow } from './open-window.ts';

const chromium = findChromium('the way through the window in a browser');
/** Two small trainings on two cores that do other things too. */
const RUN_TIMEOUT_MS = 150_000;

/*
 * The whole way of a user, in one window that stays open: each step goes on where the one before ended.
 */
describe.skipIf(chromium === undefined)('from a template to results', () => {
  let home: string;
  let datalist: string;
  let served: Served;
  let browser: Browser;
  let window: OpenWindow;
  let page: Page;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'outerloop-e2e-'));
    datalist = await makeDataSet(home);
    served = await launchServe(home);
    browser = await launchChromium(chromium!);
    window = await openWindow(browser, served.url);
    page = window.page;
    page.setDefaultTimeout(60_000);
  });
  afterAll(async () => {
    if (window !== undefined) await window.keepPicture('journey-end').catch(() => undefined);
    await browser?.close();
    await served?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  // Each step needs the ones before.
  let brokenBy: string | undefined;
  beforeEach((context) => {
    if (brokenBy !== undefined) context.skip(`"${brokenBy}" failed before`);
    onTestFailed(({ task }) => void (brokenBy = task.name));
  });

  const go = (place: string): Promise<void> =>
    page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: place }).click();
  const main = () => page.getByRole('main');

  it('leaves no token in the address', () => {
    expect(page.url()).not.toContain('token');
  });

  it('begins with a library that is not empty', async () => {
    await page.getByRole('heading', { name: 'phantom-segmentation' }).waitFor();
    await page.getByRole('heading', { name: 'Templates' }).waitFor();
    await window.keepPicture('journey-1-library');
  });

  it('creates an MMAR from a template, pointed at data', async () => {
    await page.getByRole('button', { name: /^New from this.*UNet/ }).click();
    const dialog = page.getByRole('dialog', { name: 'New MMAR' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('study');
    await dialog.getByRole('textbox', { name: 'Data list' }).fill(datalist);
    await dialog.getByText('images/phantom_001.nii.gz').waitFor();
    await dialog.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('treeitem', { name: 'config_train.json' }).waitFor();
    await page.getByRole('heading', { name: 'config_train.json' }).waitFor();
    expect(page.url()).toMatch(/#\/mmar\/[0-9a-z]+\/edit$/);
  });

  it('edits values and marks a search', async () => {
    const settings = main().getByRole('region', { name: 'Settings' });
    await settings.getByRole('textbox', { name: 'epochs', exact: true }).fill('2');
    await settings.getByRole('textbox', { name: 'num_interval_per_valid', exact: true }).fill('1');
    await settings.getByRole('textbox', { name: 'num_interval_per_valid', exact: true }).press('Tab');
    await settings.getByRole('switch', { name: 'Search amp' }).click();
    await settings.getByRole('group', { name: 'Search of amp' }).waitFor();
    await main()
      .getByRole('tab', { name: /Search space 4/ })
      .waitFor();
    await window.keepPicture('journey-2-edit');
    await main().getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('treeitem', { name: 'config_automl.json' }).click();
    const jobs = main().getByRole('textbox', { name: 'max_jobs' });
    await jobs.fill('2');
    await jobs.press('Tab');
    await main().getByRole('button', { name: 'Save', exact: true }).click();
    await expect
      .poll(() => main().getByRole('button', { name: 'Save', exact: true }).isDisabled())
      .toBe(true);
  });

  it('shows a case and what the transforms make of it', async () => {
    await go('Images');
    await main()
      .getByRole('button', { name: /phantom_001/ })
      .click();
    await main()
      .getByRole('application', { name: /^Axial, slice/ })
      .waitFor();
    await main().getByRole('button', { name: 'Transforms' }).click();
    await main().getByText('NormalizeIntensityd').first().waitFor();
    await main().getByText('NormalizeIntensityd').first().click();
    await window.keepPicture('journey-3-images');
  });

  it('starts a run, loses the program in the middle, and goes on with it', async () => {
    await go('Runs');
    await main().getByRole('button', { name: 'Start a run' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Start a run' });
    await dialog.getByText(/2 jobs over 4 parameters/).waitFor();
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    await main()
      .getByText(/W1_1_J1/)
      .first()
      .waitFor({ timeout: 60_000 });

    window.watch.expect('ERR_CONNECTION_REFUSED');
    window.watch.expect('WebSocket connection');
    await served.kill();
    await page.getByText('The program cannot be reached').waitFor();
    await window.keepPicture('journey-4-lost');
    await served.start();
    await page.getByText('The program cannot be reached').waitFor({ state: 'hidden' });
    await main().getByRole('button', { name: 'Resume', exact: true }).click();
    await main().getByText('2 of 2 jobs').waitFor({ timeout: RUN_TIMEOUT_MS });
    await main()
      .getByRole('row', { name: /W1_2_J2/ })
      .waitFor();
    await window.keepPicture('journey-5-run');
  });

  it('shows the results of both jobs', async () => {
    await go('Results');
    // The names of the jobs stand in the view of the run as well, which is there until this one has come.
    await main().getByText('Scores over time').waitFor();
    for (const job of ['W1_1_J1', 'W1_2_J2'])
      await main()
        .getByRole('row', { name: new RegExp(job) })
        .waitFor();
    await window.keepPicture('journey-6-results');
  });

  it('makes a job the default of the MMAR, and says which', async () => {
    // The first job tried what the config says: it would change nothing.
    await main()
      .getByRole('row', { name: /W1_2_J2/ })
      .click();
    await main().getByRole('button', { name: 'Actions of the results' }).click();
    await page.getByRole('menuitem', { name: "Make W1_2_J2 the MMAR's default" }).click();
    await page.getByRole('button', { name: 'Change the config' }).click();
    await page.getByText("W1_2_J2 is the MMAR's default now").waitFor();
  });

  it('shows the run in MLflow', async () => {
    await go('Tracking');
    await main().getByText(/study/).first().waitFor();
    await window.keepPicture('journey-7-tracking');
  });

  it('can be read and used by everybody, with data in it', async () => {
    const barriers: Record<string, string[]> = {};
    for (const place of ['Library', 'Edit', 'Images', 'Runs', 'Results', 'Tracking']) {
      // Places of an MMAR are there while one is open.
      if (place === 'Edit') await main().getByRole('link', { name: 'study' }).first().click();
      else await go(place);
      await expect.poll(() => page.locator('[aria-busy="true"]').count(), { timeout: 60_000 }).toBe(0);
      await page.waitForTimeout(700);
      const found = await findBarriers(page);
      if (found.length > 0) barriers[place] = found;
    }
    expect(barriers).toEqual({});
  });

  it('has complained of nothing', () => {
    expect(window.watch.complaints).toEqual([]);
  });
});
