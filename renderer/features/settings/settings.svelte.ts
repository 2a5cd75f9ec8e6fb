import type { SecretKeeping, Settings } from '../../../common/api/settings.ts';
import { api } from '../../api.ts';
import { applySettings } from '../../shell/follow-settings.ts';

type Section = keyof Settings;

/** The user's settings. Each change is kept at once; what cannot be kept is said and taken back. */
export class SettingsModel {
  #settings = $state.raw<Settings | undefined>(undefined);
  #defaultMmarFolder = $state('');
  #secrets = $state.raw<SecretKeeping | undefined>(undefined);
  #problem = $state.raw<unknown>(undefined);
  #saveProblem = $state.raw<unknown>(undefined);

  /** Undefined until they are read. */
  get settings(): Settings | undefined {
    return this.#settings;
  }

  get defaultMmarFolder(): string {
    return this.#defaultMmarFolder;
  }

  /** How tokens are kept, which are no settings; undefined until that is known. */
  get secrets(): SecretKeeping | undefined {
    return this.#secrets;
  }

  /** Why they cannot be read. */
  get problem(): unknown {
    return this.#problem;
  }

  /** Why the last change was not kept. */
  get saveProblem(): unknown {
    return this.#saveProblem;
  }

  async load(): Promise<void> {
    this.#problem = undefined;
    try {
      const { settings, defaultMmarFolder, secrets } = await api.settings.get({});
      this.#settings = settings;
      this.#defaultMmarFolder = defaultMmarFolder;
      this.#secrets = secrets;
    } catch (error) {
      this.#problem = error;
    }
  }

  /** Changes values of one section. */
  async change<S extends Section>(section: S, values: Partial<Settings[S]>): Promise<void> {
    const before = this.#settings;
    if (before === undefined) return;
    const changed = { ...before, [section]: { ...before[section], ...values } };
    this.#show(changed);
    this.#saveProblem = undefined;
    try {
      this.#settings = await api.settings.update({ [section]: changed[section] });
    } catch (error) {
      this.#saveProblem = error;
      this.#show(before);
    }
  }

  #show(settings: Settings): void {
    this.#settings = settings;
    applySettings(settings);
  }
}
