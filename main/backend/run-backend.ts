import { createApp, type App } from '../app.ts';
import { openFileSettings } from '../node/file-settings.ts';
import { HostCalls } from './host-calls.ts';
import { hostMessage, type BackendMessage, type HostMessage } from './host-protocol.ts';
import { makeHostedDesktop } from './hosted-desktop.ts';
import { openSealedSecrets, type Vault } from './hosted-secrets.ts';
import { RelayedChannels } from './relayed-channels.ts';
import { listenOnPipe } from './request-pipe.ts';

/** The line to Electron's process. */
export interface HostLine {
  send(message: BackendMessage): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Electron has gone, whatever the reason. */
  onGone(listener: () => void): void;
}

type Start = Extract<HostMessage, { type: 'start' }>;

/** Runs the app for Electron until it says `stop` or has gone; then everything that goes on stops so that it can be resumed. */
export function runBackend(line: HostLine): Promise<void> {
  const calls = new HostCalls(line.send);
  const channels = new RelayedChannels(line.send);
  let started: Promise<StartedApp> | undefined;
  return new Promise((resolve, reject) => {
    const stop = (): void => void (started ?? Promise.resolve(undefined)).then(stopApp).then(resolve, reject);
    line.onGone(stop);
    line.onMessage((raw) => {
      const message = hostMessage.parse(raw);
      if (message.type === 'start') {
        started = startApp(message, calls, line);
        started.then(() => line.send({ type: 'ready' }), reject);
      } else if (message.type === 'stop') stop();
      else if (message.type === 'reply') calls.receive(message);
      else if (message.type === 'ask') void started?.then(({ app }) => app.ask(message.request));
      else if (message.type === 'connect') {
        const channel = channels.open(message.connection);
        void started?.then(({ app }) => app.attach(channel));
      } else void started?.then(() => channels.receive(message));
    });
  });
}

interface StartedApp {
  readonly app: App;
  readonly closePipe: () => Promise<void>;
}

async function startApp(start: Start, calls: HostCalls, line: HostLine): Promise<StartedApp> {
  const { dataFolder } = start;
  const app = createApp({
    host: 'electron',
    dataFolder,
    desktop: makeHostedDesktop(calls, line.send),
    settings: openFileSettings(dataFolder),
    secrets: openSealedSecrets(dataFolder, makeVault(start, calls)),
  });
  return { app, closePipe: await listenOnPipe(start.pipe, start.secret, app.handleRequest) };
}

async function stopApp(started: StartedApp | undefined): Promise<void> {
  await started?.closePipe();
  await started?.app.dispose();
}

function makeVault({ protection, backend }: Start, calls: HostCalls): Vault {
  return {
    protection,
    backend,
    encrypt: (secret) => calls.call('encrypt', secret) as Promise<string>,
    decrypt: (sealed) => calls.call('decrypt', sealed) as ReturnType<Vault['decrypt']>,
  };
}
