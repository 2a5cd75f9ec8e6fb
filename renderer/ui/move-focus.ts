const focusable = 'button:not(:disabled), a[href], [role="radio"]';

/** Left and Right move the focus among the buttons of a bar; keys inside text fields and sliders stay theirs. */
export function moveFocusByArrows(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
  const target = event.target as HTMLElement;
  if (!target.matches(focusable)) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(focusable)].filter(
    (element) => element.offsetParent !== null && element.tabIndex >= 0,
  );
  const at = all.indexOf(target);
  const next = all[at + (event.key === 'ArrowRight' ? 1 : -1)];
  if (at === -1 || next === undefined) return;
  event.preventDefault();
  next.focus();
}
