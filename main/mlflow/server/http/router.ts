import type { Method, Route } from './route.ts';

const API_PREFIXES = ['/api/2.0/', '/ajax-api/2.0/'];

interface Found {
  readonly route: Route;
  readonly place: Readonly<Record<string, string>>;
}

/** Finds the route of a path and a method. */
export class Router {
  readonly #fixed = new Map<string, Map<Method, Route>>();
  readonly #patterns: { readonly pattern: RegExp; readonly routes: Map<Method, Route> }[] = [];

  constructor(routes: readonly Route[]) {
    for (const route of routes)
      for (const prefix of route.prefixes ?? API_PREFIXES) this.#add(prefix + route.path, route);
  }

  /** The route; where only other methods are known at the path, their names; undefined for an unknown path. */
  find(method: string, path: string): Found | { readonly allowed: readonly Method[] } | undefined {
    const { routes, place } = this.#match(path) ?? {};
    if (routes === undefined || place === undefined) return undefined;
    const wanted = (method === 'HEAD' ? 'GET' : method) as Method;
    const route = routes.get(wanted);
    return route === undefined ? { allowed: [...routes.keys()] } : { route, place };
  }

  #match(path: string): { routes: Map<Method, Route>; place: Record<string, string> } | undefined {
    const fixed = this.#fixed.get(path);
    if (fixed !== undefined) return { routes: fixed, place: {} };
    for (const { pattern, routes } of this.#patterns) {
      const match = pattern.exec(path);
      if (match !== null) return { routes, place: decodeAll(match.groups ?? {}) };
    }
    return undefined;
  }

  #add(path: string, route: Route): void {
    const methods = this.#methodsAt(path);
    for (const method of route.methods) methods.set(method, route);
  }

  #methodsAt(path: string): Map<Method, Route> {
    if (!path.includes('<')) {
      const methods = this.#fixed.get(path) ?? new Map<Method, Route>();
      this.#fixed.set(path, methods);
      return methods;
    }
    const source = path.replace(PIECE, toPattern);
    const pattern = new RegExp(`^${source}$`);
    const known = this.#patterns.find((other) => other.pattern.source === pattern.source);
    if (known !== undefined) return known.routes;
    const routes = new Map<Method, Route>();
    this.#patterns.push({ pattern, routes });
    return routes;
  }
}

/** A name in `<>`, or a character that means something in a pattern. */
const PIECE = /<(\w+)(\.\.\.)?>|[.*+?^${}()|[\]\\]/g;

function toPattern(piece: string, name?: string, takesRest?: string): string {
  if (name === undefined) return `\\${piece}`;
  return takesRest === undefined ? `(?<${name}>[^/]+)` : `(?<${name}>.+)`;
}

function decodeAll(groups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decode(value)]));
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
