import type { Page } from 'playwright-core';

/** What a page complains of: none of it may happen unseen. */
export interface PageWatch {
  /** Violations of the page's policy, errors of scripts, errors in the console, requests to elsewhere. */
  readonly complaints: readonly string[];
  /** Lets complaints that contain this text be expected from now on, e.g. of a server that a test has ended. */
  expect(text: string): void;
}

/** To be called before the page goes anywhere. */
export async function watchPage(page: Page): Promise<PageWatch> {
  const complaints: string[] = [];
  const expected: string[] = [];
  const complain = (text: string): void => {
    if (!expected.some((part) => text.includes(part))) complaints.push(text);
  };
  page.on('pageerror', (error) => complain(`script: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complain(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!['127.0.0.1', ''].includes(url.hostname)) complain(`request to elsewhere: ${request.url()}`);
  });
  await page.exposeFunction('__complain', complain);
  await page.addInitScript(() => {
    document.addEventListener(
      'securitypolicyviolation',
      ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => {
        const { __complain } = globalThis as unknown as { __complain(text: string): void };
        __complain(`policy: ${violatedDirective} blocked ${blockedURI} at ${sourceFile}:${lineNumber}`);
      },
    );
  });
  return { complaints, expect: (text) => void expected.push(text) };
}
