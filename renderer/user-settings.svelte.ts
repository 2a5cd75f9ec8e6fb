import type { Settings } from '../common/api/settings.ts';

/** The user's settings where views use them; the frame puts them here when it starts and after each change. */
class UserSettings {
  #settings = $state.raw<Settings | undefined>(undefined);

  /** Undefined until main has answered for the first time. */
  get current(): Settings | undefined {
    return this.#settings;
  }

  keep(settings: Settings): void {
    this.#settings = settings;
  }
}

export const userSettings = new UserSettings();
