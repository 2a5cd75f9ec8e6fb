/** How paths of a data list could change because its files stand elsewhere now. */
export type DataMove =
  /** The folder that paths start from is another. */
  | { readonly kind: 'root'; readonly root: string }
  /** Paths that begin with `from` begin with `to` instead. */
  | { readonly kind: 'beginning'; readonly from: string; readonly to: string };

/**
 * The moves that could bring one missing file to the folder that was chosen, the one that keeps most of the path first:
 * for `images/a.nii` the folder as root, then `images/` gone from the path.
 *
 * @param path as the list writes it
 * @param folder absolute
 */
export function proposeMoves(path: string, folder: string): readonly DataMove[] {
  const place = folder.replace(/[\\/]+$/, '');
  const parts = path.replace(/^\.\//, '').split('/');
  const isAbsolute = path.startsWith('/') || /^[A-Za-z]:/.test(path);
  const moves = parts.slice(1).map((_, index): DataMove => ({
    kind: 'beginning',
    from: `${parts.slice(0, index + 1).join('/')}/`,
    to: `${place}/`,
  }));
  return isAbsolute ? moves : [{ kind: 'root', root: place }, ...moves];
}

/** A path after a move; absolute, or as it was where the move is not about it. */
export function movePath(path: string, move: DataMove): string {
  const plain = path.replace(/^\.\//, '');
  if (move.kind === 'root') {
    const isAbsolute = plain.startsWith('/') || /^[A-Za-z]:/.test(plain);
    return isAbsolute ? path : `${move.root}/${plain}`;
  }
  return plain.startsWith(move.from) ? move.to + plain.slice(move.from.length) : path;
}
