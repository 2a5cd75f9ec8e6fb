import type { Command } from 'commander';
import { resolve } from 'node:path';
import { FaultError } from '../../../../common/fault.ts';
import {
  ARTIFACT_KINDS,
  type ArtifactKind,
  type RemoteCredentials,
  type SendingPolicy,
} from '../../../../common/api/remotes.ts';
import {
  describeTarget,
  parseTrackingUrl,
  readCertificates,
  readTrackingEnvironment,
} from '../../../mlflow/client/tracking-target.ts';
import { addRemote, removeRemote, type NewRemote } from '../../../mlflow/outbox/add-remote.ts';
import { testConnection } from '../../../mlflow/outbox/test-connection.ts';
import { DEFAULT_POLICY } from '../../../mlflow/redact/allow-list.ts';
import { EXIT, type SetExitCode } from '../../exit-code.ts';
import { formatTable } from '../../format.ts';
import type { Output } from '../../output.ts';
import { openOutbox } from './open-outbox.ts';

interface StoreOption {
  readonly store?: string;
}

interface AddOptions extends StoreOption {
  readonly tokenFromEnv?: string;
  readonly user?: string;
  readonly passwordFromEnv?: string;
  readonly ca?: string;
  readonly send?: string[];
  readonly tag?: string[];
  readonly registeredModels?: boolean;
  readonly userName?: boolean;
}

const STORE = ['--store <folder>', "the tracking store (default: the user's own)"] as const;

/** `outerloop mlflow remote add | list | remove | test`: the servers that runs are sent to. */
export function addMlflowRemote(mlflow: Command, output: Output, setExitCode: SetExitCode): void {
  const remote = mlflow.command('remote').description('the MLflow servers that runs are sent to');
  remote
    .command('add')
    .description('remember a server; nothing is sent before "outerloop mlflow sync"')
    .argument('<name>', 'a name of your own')
    .argument(
      '[url]',
      "https://host[:port][/path]; when left out, the server that MLflow's own variables name",
    )
    .option('--token-from-env <name>', 'the variable that holds the token whenever runs are sent')
    .option('--user <name>', 'a user, with --password-from-env')
    .option('--password-from-env <name>', 'the variable that holds the password')
    .option('--ca <file>', "the site's certificate authority, PEM")
    .option(
      '--send <kinds...>',
      `kinds of files that are sent (default: ${DEFAULT_POLICY.artifacts.join(' ')}; all: ${ARTIFACT_KINDS.join(' ')})`,
    )
    .option('--tag <keys...>', 'further tags that are sent')
    .option('--registered-models', 'send registered models as well: names, versions, aliases')
    .option('--user-name', "send this user's name as well")
    .option(...STORE)
    .action((name: string, url: string | undefined, options: AddOptions) => add(name, url, options, output));
  remote
    .command('list')
    .description('the servers, and what is there, waits or failed')
    .option(...STORE)
    .option('--json', 'for programs')
    .action((options: StoreOption & { readonly json?: boolean }) => list(options, output));
  remote
    .command('remove')
    .description('forget a server; what was sent stays there')
    .argument('<name>')
    .option(...STORE)
    .action(async (name: string, { store }: StoreOption) => {
      const { outbox, secrets } = openOutbox(store);
      await removeRemote(outbox, secrets, name).finally(() => outbox.close());
      output.line(`${name} is forgotten. What was sent there stays there.`);
    });
  remote
    .command('test')
    .description('try the connection; nothing is sent')
    .argument('<name>')
    .option(...STORE)
    .action(async (name: string, { store }: StoreOption) => {
      const { outbox } = openOutbox(store);
      const entry = outbox.remotes.get(name);
      const { ok, version, problem, milliseconds } = await outbox
        .target(entry)
        .then((target) => testConnection(target))
        .finally(() => outbox.close());
      output.line(
        ok
          ? `${name} (${describeTarget(entry)}) answers: MLflow ${version}, ${milliseconds} ms`
          : `${name} (${describeTarget(entry)}): ${problem}`,
      );
      if (!ok) setExitCode(EXIT.failed);
    });
}

async function add(
  name: string,
  url: string | undefined,
  options: AddOptions,
  output: Output,
): Promise<void> {
  const place = url === undefined ? readVariables() : readArguments(url, options);
  const { outbox, secrets } = openOutbox(options.store);
  try {
    await addRemote(outbox, secrets, { name, ...place, policy: readPolicy(options) });
    output.line(`${name} is ${describeTarget(place)}. Try it: outerloop mlflow remote test ${name}`);
  } finally {
    outbox.close();
  }
}

type RemotePlace = Omit<NewRemote, 'name' | 'policy'>;

function readArguments(url: string, options: AddOptions): RemotePlace {
  const { tokenFromEnv, user, passwordFromEnv, ca } = options;
  const variable = tokenFromEnv ?? passwordFromEnv;
  if (variable !== undefined && !/^[A-Za-z_]\w*$/.test(variable))
    throw new FaultError({
      code: 'usage',
      argument: tokenFromEnv === undefined ? '--password-from-env' : '--token-from-env',
      message: 'This is no name of a variable.',
      allowed: 'the name of an environment variable, never the secret itself',
    });
  if (
    (user === undefined) !== (passwordFromEnv === undefined) ||
    (user !== undefined && tokenFromEnv !== undefined)
  )
    throw new FaultError({
      code: 'usage',
      message: 'These options do not go together.',
      allowed: '--token-from-env, or --user with --password-from-env, or none of them',
    });
  return {
    url: parseTrackingUrl(url),
    credentials: readSecretPlace(variable, user),
    ...(ca === undefined ? {} : { certificate: readCertificates(resolve(ca)) }),
  };
}

/** The server that MLFLOW_TRACKING_URI and the variables beside it name; secrets are read from them whenever runs are sent. */
function readVariables(): RemotePlace {
  const target = readTrackingEnvironment(process.env);
  if (target === undefined)
    throw new FaultError({
      code: 'usage',
      argument: 'URL',
      message: 'There is no address, and MLFLOW_TRACKING_URI names no server.',
      allowed: 'https://host[:port][/path]',
    });
  const { url, credentials, ca, insecureTls = false } = target;
  const variables = { none: undefined, bearer: 'MLFLOW_TRACKING_TOKEN', basic: 'MLFLOW_TRACKING_PASSWORD' };
  return {
    url,
    credentials: readSecretPlace(
      variables[credentials.kind],
      credentials.kind === 'basic' ? credentials.username : undefined,
    ),
    insecureTls,
    ...(ca === undefined ? {} : { certificate: ca }),
  };
}

function readSecretPlace(variable: string | undefined, username: string | undefined): RemoteCredentials {
  if (variable === undefined) return { kind: 'none' };
  return { kind: 'environment', variable, ...(username === undefined ? {} : { username }) };
}

function readPolicy({ send, tag, registeredModels, userName }: AddOptions): SendingPolicy {
  const unknown = (send ?? []).filter((kind) => !ARTIFACT_KINDS.includes(kind as ArtifactKind));
  if (unknown.length > 0)
    throw new FaultError({
      code: 'usage',
      argument: '--send',
      message: `There is no kind of file called ${unknown.join(', ')}.`,
      allowed: ARTIFACT_KINDS.join(', '),
    });
  return {
    artifacts: (send as ArtifactKind[] | undefined) ?? DEFAULT_POLICY.artifacts,
    tags: tag ?? [],
    registeredModels: registeredModels ?? false,
    userName: userName ?? false,
  };
}

function list({ store, json = false }: StoreOption & { readonly json?: boolean }, output: Output): void {
  const { outbox } = openOutbox(store);
  try {
    const rows = outbox.remotes.list().map(({ name, url, credentials, policy }) => ({
      name,
      url,
      credentials,
      policy,
      ...outbox.counts(name),
      problem: outbox.remotes.health(name).problem ?? null,
    }));
    if (json) output.line(JSON.stringify(rows));
    else if (rows.length === 0)
      output.line('There are no remotes. Add one: outerloop mlflow remote add NAME URL');
    else
      for (const line of formatTable(
        ['name', 'address', 'there', 'waiting', 'failed', 'held back', 'problem'],
        rows.map((row) => [
          row.name,
          describeTarget(row),
          ...[row.synced, row.waiting, row.failed, row.heldBack].map(String),
          row.problem ?? '',
        ]),
      ))
        output.line(line);
  } finally {
    outbox.close();
  }
}
