import { cellText, type CellLook, type TableColumn } from './table-column.ts';

/** The text of a cell and what stands around it: written where it differs from what is there, and never made anew. */
class WrittenCell {
  readonly #cell: HTMLElement;
  readonly #text = document.createTextNode('');
  #bar: HTMLElement | undefined;
  #badge: HTMLElement | undefined;
  #look: CellLook & { readonly text: string } = { text: '' };

  constructor(cell: HTMLElement) {
    this.#cell = cell;
    cell.replaceChildren(this.#text);
  }

  write(look: CellLook & { readonly text: string }): void {
    const before = this.#look;
    this.#look = look;
    if (look.text !== before.text) this.#text.data = look.text;
    if (look.text !== before.text || look.title !== before.title) this.#explain(look.title);
    if (look.isStrong !== before.isStrong) this.#cell.classList.toggle('strong', look.isStrong === true);
    if (look.tone !== before.tone || look.isLive !== before.isLive) this.#paintBadge(look);
    if (look.share !== before.share) this.#fillBar(look.share);
  }

  /** What was said of another text is no more so. */
  #explain(title: string | undefined): void {
    if (title !== undefined) this.#cell.title = title;
    else if (this.#cell.title !== '') this.#cell.removeAttribute('title');
  }

  #paintBadge({ tone, isLive = false }: CellLook): void {
    if (tone === undefined) {
      this.#badge?.replaceWith(this.#text);
      this.#badge = undefined;
      return;
    }
    if (this.#badge === undefined) {
      this.#badge = document.createElement('span');
      this.#text.replaceWith(this.#badge);
      this.#badge.append(this.#text);
    }
    this.#badge.className = `state-badge ${tone}${isLive ? ' dot live' : ''}`;
  }

  #fillBar(share: number | undefined): void {
    if (share === undefined) {
      this.#bar?.remove();
      this.#bar = undefined;
      return;
    }
    if (this.#bar === undefined) {
      this.#bar = document.createElement('span');
      this.#bar.className = 'bar';
      this.#bar.setAttribute('aria-hidden', 'true');
      this.#cell.prepend(this.#bar);
    }
    this.#bar.style.backgroundSize = `${Math.round(share * 100)}% 100%`;
  }
}

const written = new WeakMap<Element, WrittenCell>();

/** Writes a row into its cells, which stand in the order of the columns. */
export function writeCells<Row>(
  cells: readonly HTMLElement[],
  columns: readonly TableColumn<Row>[],
  row: Row,
): void {
  columns.forEach((column, index) => {
    const cell = cells[index];
    if (cell === undefined) return;
    const known = written.get(cell) ?? new WrittenCell(cell);
    written.set(cell, known);
    const look = column.look?.(row);
    known.write({ ...look, text: look?.text ?? cellText(column, row) });
  });
}

/** Lets a cell whose text is cut off tell all of it. */
export function tellWhole(cell: HTMLElement): void {
  if (cell.title === '' && cell.scrollWidth > cell.clientWidth) cell.title = cell.textContent;
}
