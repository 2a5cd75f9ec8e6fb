/** What the user wants; `system` follows the desktop. */
export type ThemePreference = 'dark' | 'light' | 'system';

const storageKey = 'theme';
const isPreference = (value: unknown): value is ThemePreference =>
  value === 'dark' || value === 'light' || value === 'system';

/** Which theme the page shows. The choice is kept in the browser too, so that a page starts in it without a flash. */
class Theme {
  #preference = $state<ThemePreference>('dark');
  #systemIsLight = $state(false);
  readonly #shown = $derived(
    this.#preference === 'system' ? (this.#systemIsLight ? 'light' : 'dark') : this.#preference,
  );

  constructor() {
    const kept = localStorage.getItem(storageKey);
    if (isPreference(kept)) this.#preference = kept;
    const system = matchMedia('(prefers-color-scheme: light)');
    this.#systemIsLight = system.matches;
    system.addEventListener('change', ({ matches }) => {
      this.#systemIsLight = matches;
      this.apply();
    });
  }

  get preference(): ThemePreference {
    return this.#preference;
  }

  get shown(): 'dark' | 'light' {
    return this.#shown;
  }

  choose(preference: ThemePreference): void {
    this.#preference = preference;
    localStorage.setItem(storageKey, preference);
    this.apply();
  }

  /** Puts the theme on the page; the frame calls it first of all. */
  apply(): void {
    document.documentElement.dataset.theme = this.#shown;
  }
}

export const theme = new Theme();
