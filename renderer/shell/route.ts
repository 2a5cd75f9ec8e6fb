/** Where the window is, as its address says it after the `#`. */
export type Route =
  | { readonly view: 'library' }
  | { readonly view: 'tracking'; readonly path: string }
  | { readonly view: 'settings'; readonly section: string | undefined }
  | { readonly view: 'diagnostics' }
  | { readonly view: 'image' }
  | { readonly view: 'kit' }
  | { readonly view: MmarView; readonly mmar: string; readonly run: string | undefined };

/** Views of one MMAR, as they stand in addresses. */
export type MmarView = 'edit' | 'images' | 'runs' | 'results';

const mmarViews: readonly string[] = ['edit', 'images', 'runs', 'results'] satisfies readonly MmarView[];

/** Reads `#/mmar/<id>/runs/<run>` and its like; anything else is the library. */
export function parseRoute(hash: string): Route {
  const parts = hash
    .replace(/^#?\/?/, '')
    .split('?')[0]!
    .split('/')
    .map(decodePart);
  const [first, second, third, fourth] = parts;
  if (first === 'mmar' && second) {
    const view = third !== undefined && mmarViews.includes(third) ? (third as MmarView) : 'edit';
    return { view, mmar: second, run: fourth === '' ? undefined : fourth };
  }
  if (first === 'tracking') return { view: 'tracking', path: parts.slice(1).join('/') };
  if (first === 'settings') return { view: 'settings', section: second === '' ? undefined : second };
  if (first === 'diagnostics') return { view: 'diagnostics' };
  if (first === 'image') return { view: 'image' };
  if (first === 'kit') return { view: 'kit' };
  return { view: 'library' };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // An address that was typed wrongly still leads somewhere.
    return part;
  }
}

/** The address of a view of an MMAR: `#/mmar/<id>/runs/<run>`. */
export function mmarAddress(mmar: string, view: MmarView = 'edit', run?: string): string {
  const parts = ['mmar', mmar, view, ...(run === undefined ? [] : [run])];
  return `#/${parts.map(encodeURIComponent).join('/')}`;
}
