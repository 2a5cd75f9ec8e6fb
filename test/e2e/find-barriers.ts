import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface AxeNode {
  readonly target: readonly unknown[];
  readonly failureSummary?: string;
}
interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly AxeNode[] }[];
}

/**
 * What keeps people out of the page as it is shown now: violations of WCAG 2.1 A and AA that axe finds, contrast included,
 * each with the first elements that have it.
 */
export async function findBarriers(page: Page): Promise<string[]> {
  // The debugger may evaluate what the page's policy keeps from the page.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(async () => {
    const { axe: engine } = globalThis as unknown as { axe: { run(options: object): Promise<AxeResult> } };
    return engine.run({
      runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] },
      resultTypes: ['violations'],
    });
  });
  return violations.map(({ id, nodes }) => {
    const places = nodes.slice(0, 4).map(({ target, failureSummary = '' }) => {
      const why = failureSummary.split('\n').at(-1)!.trim();
      return `${target.join(' ')} (${why.slice(0, 160)})`;
    });
    return `${id}: ${nodes.length} × ${places.join('; ')}`;
  });
}
