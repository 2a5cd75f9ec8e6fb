import { afterEach, expect, it } from 'vitest';
import { settings } from '../../common/api/settings.ts';
import { mmarId } from '../../common/api/ids.ts';
import { StartRunModel } from '../../renderer/features/runs/start-run.svelte.ts';
import { applySettings } from '../../renderer/shell/follow-settings.ts';
import { formatScore } from '../../renderer/ui/format.ts';
import { takePresets } from '../../renderer/viewer/window-level.ts';
import { userSettings } from '../../renderer/user-settings.svelte.ts';

afterEach(() => applySettings(settings.parse({})));

it('changes the page, its numbers, and what views begin with', () => {
  expect(new StartRunModel(mmarId.parse('aaaaaaaa')).workers).toBe('0');
  applySettings(
    settings.parse({
      appearance: { theme: 'light' },
      numbers: { scoreDigits: 2, decimals: 'comma' },
      compute: { workers: '0:1' },
      viewer: { presets: [{ name: 'Vessels', width: 600, level: 300 }] },
    }),
  );
  expect(document.documentElement.dataset.theme).toBe('light');
  expect(formatScore(0.876)).toBe('0,88');
  expect(new StartRunModel(mmarId.parse('aaaaaaaa')).workers).toBe('0:1');
  expect(takePresets(userSettings.current!.viewer.presets)).toEqual([
    { id: 'user-0', title: 'Vessels', window: { centre: 300, width: 600 } },
  ]);
});
