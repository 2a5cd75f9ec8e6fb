import { parseRoute, type Route } from './route.ts';

/** The window's address as state. Links are plain `<a href="#/…">`; code goes by `router.go('#/…')`. */
class Router {
  #hash = $state(location.hash);
  readonly #route: Route = $derived(parseRoute(this.#hash));

  constructor() {
    addEventListener('hashchange', () => (this.#hash = location.hash));
  }

  get route(): Route {
    return this.#route;
  }

  go(address: string): void {
    location.hash = address.replace(/^#/, '');
  }

  /** Goes on to where an address leads by itself: the way back passes it by. */
  replace(address: string): void {
    location.replace(`#${address.replace(/^#/, '')}`);
  }
}

export const router = new Router();
