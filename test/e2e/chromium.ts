import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const CANDIDATES = [
  process.env['OUTERLOOP_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Absolute path of a Chromium of this machine; undefined where there is none, and then a line that says so. */
export function findChromium(purpose: string): string | undefined {
  const found = CANDIDATES.find((path) => path !== undefined && existsSync(path));
  if (found === undefined)
    console.warn(`SKIPPED: ${purpose}: there is no Chromium; install one, or name it in OUTERLOOP_CHROMIUM`);
  return found;
}

/** Headless, without a sandbox of its own: it runs as root in containers, and shows nothing but our page. */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  });
}
