import type { Settings } from '../../common/api/settings.ts';
import { api } from '../api.ts';
import { numberFormat } from '../ui/number-format.svelte.ts';
import { theme, type ThemePreference } from '../ui/theme.svelte.ts';
import { userSettings } from '../user-settings.svelte.ts';

/** Puts the user's settings to work in this window, when it starts and after each change. */
export function applySettings(settings: Settings): void {
  userSettings.keep(settings);
  theme.choose(settings.appearance.theme);
  Object.assign(numberFormat, settings.numbers);
}

/** Reads the settings and applies them. */
export async function followSettings(): Promise<void> {
  applySettings((await api.settings.get({})).settings);
}

/** Shows another theme now and keeps the choice. */
export async function chooseTheme(preference: ThemePreference): Promise<void> {
  theme.choose(preference);
  await api.settings.update({ appearance: { theme: preference } });
}
