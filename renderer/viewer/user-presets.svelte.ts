import { DEFAULT_PRESETS, type WindowPreset } from '../../common/api/settings.ts';

/** The windows that the user's settings have for CT. */
class UserPresets {
  #list = $state.raw<readonly WindowPreset[]>(DEFAULT_PRESETS);

  get list(): readonly WindowPreset[] {
    return this.#list;
  }

  /** Takes over what the settings say. */
  use(list: readonly WindowPreset[]): void {
    this.#list = list;
  }
}

export const userPresets = new UserPresets();
