import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FaultError } from '../../../common/fault.ts';
import { createApp, type App } from '../../app.ts';
import { dataFolder } from '../../node/data-folder.ts';
import { openFileSecrets } from '../../node/file-secrets.ts';
import { openFileSettings } from '../../node/file-settings.ts';
import { browserDesktop } from '../../serve/browser-desktop.ts';
import { keepToken } from '../../serve/kept-token.ts';
import { startServer } from '../../serve/server.ts';
import type { Output } from '../output.ts';
import { parsePort } from '../parse-port.ts';
import { openBrowser } from '../../node/open-browser.ts';

interface ServeOptions {
  readonly port?: string;
  readonly open: boolean;
  readonly json?: boolean;
}

/** `outerloop serve`: the app in a browser of this machine, for servers without a desktop and for development. */
export function addServeCommand(program: Command, output: Output): void {
  program
    .command('serve')
    .description("the app in this machine's browser: prints one address, with its token, and opens it")
    .option('--port <number>', 'default: one that is free')
    .option('--no-open', 'do not open the browser')
    .option('--json', 'print {"url","pid"} on one line, for programs')
    .action(async ({ port, open, json = false }: ServeOptions) => {
      const stopped = whenStopped();
      const folder = dataFolder();
      const app = createApp({
        host: 'serve',
        dataFolder: folder,
        uiFolder: findBuiltWindow(),
        desktop: browserDesktop,
        settings: openFileSettings(folder),
        secrets: openFileSecrets(folder),
      });
      const chosenPort = parsePort(port);
      const server = await startServer(app, {
        port: chosenPort,
        ...(chosenPort === 0 ? {} : { token: keepToken(folder, chosenPort) }),
      });
      output.line(json ? JSON.stringify({ url: server.url, pid: process.pid }) : describeServer(server.url));
      if (open && !json) openBrowser(server.url);
      await warmUp(app);
      await stopped;
      await server.close();
      await app.dispose();
    });
}

function findBuiltWindow(): string {
  const folder = join(import.meta.dirname, '../../../dist/renderer');
  if (!existsSync(join(folder, 'index.html')))
    throw new FaultError({
      code: 'file-missing',
      file: 'dist/renderer/index.html',
      message: 'The window has not been built.',
      allowed: '"npm run serve", which builds it first, or "npm run build"',
    });
  return folder;
}

/** Answers the page once for nobody: what Node loads for the first answer is there before the browser has found its way. */
async function warmUp({ handleRequest }: App): Promise<void> {
  const page = await handleRequest(new Request('http://127.0.0.1/'));
  await page.body?.cancel();
}

function describeServer(url: string): string {
  return [
    '',
    `  Outerloop is at ${url}`,
    '',
    '  Only this machine can open it, and only with the token in the address. Ctrl-C stops it.',
  ].join('\n');
}

function whenStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
