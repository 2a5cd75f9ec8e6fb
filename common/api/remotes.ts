import { z } from 'zod';
import { command, query, stream } from '../rpc/contract.ts';

/** What may be sent besides numbers and settings; each is off or on for one server. */
export const ARTIFACT_KINDS = ['config', 'stats', 'leaderboard', 'model', 'log', 'image'] as const;
export const artifactKind = z.enum(ARTIFACT_KINDS);
export type ArtifactKind = z.output<typeof artifactKind>;

/** What may leave this machine for one server. Whatever is not named here is held back. */
export const sendingPolicy = z.object({
  artifacts: z.array(artifactKind).describe('kinds of files that are sent'),
  tags: z.array(z.string()).describe('keys of further tags that are sent, beside those of MLflow and ours'),
  registeredModels: z
    .boolean()
    .default(false)
    .describe('registered models: names, versions, aliases; their files go with the runs that made them'),
  userName: z.boolean().describe("the name of this machine's user, as MLflow's tag mlflow.user"),
});
export type SendingPolicy = z.output<typeof sendingPolicy>;

const remoteName = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,49}$/)
  .describe('a name of your own: letters, digits, ".", "-", "_"');

/** How the server is told who asks. Secrets go in and never come out. */
export const remoteCredentials = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('token'), token: z.string().min(1) }),
  z.object({ kind: z.literal('password'), username: z.string().min(1), password: z.string().min(1) }),
  z.object({
    kind: z.literal('environment'),
    variable: z
      .string()
      .regex(/^[A-Za-z_]\w*$/)
      .describe('environment variable that holds a token or password'),
    username: z.string().optional().describe('with a password; a token has none'),
  }),
]);
export type RemoteCredentials = z.output<typeof remoteCredentials>;

/** How a server stands. `offline`: tried again by itself at `nextTryAt`; `refused`: somebody has to change something. */
export const remoteState = z.object({
  phase: z.enum(['idle', 'sending', 'offline', 'refused']),
  problem: z.string().optional().describe('why it is offline or refused, a sentence'),
  lastTryAt: z.iso.datetime().optional(),
  nextTryAt: z.iso.datetime().optional(),
  synced: z.int().nonnegative().describe('runs that are there completely'),
  waiting: z.int().nonnegative().describe('runs that are not, or not completely'),
  failed: z.int().nonnegative().describe('runs that the server does not take'),
  heldBack: z.int().nonnegative().describe('things that the policy does not let go, of all runs'),
});
export type RemoteState = z.output<typeof remoteState>;

/** A tracking server that runs are sent to. */
export const remote = z.object({
  name: remoteName,
  url: z.string(),
  credentials: z.enum(['none', 'token', 'password', 'environment']),
  variable: z.string().optional().describe('the environment variable of the token or password'),
  hasCertificate: z.boolean().describe("with the site's own certificate authority"),
  policy: sendingPolicy,
  state: remoteState,
});
export type Remote = z.output<typeof remote>;

/** What a test of the connection came to. */
export const connectionTest = z.object({
  ok: z.boolean(),
  version: z.string().optional().describe("the server's MLflow"),
  problem: z.string().optional().describe('a sentence'),
  milliseconds: z.number().nonnegative(),
});
export type ConnectionTest = z.output<typeof connectionTest>;

const newRemote = z.object({
  name: remoteName,
  url: z.string().min(1).describe('https://host[:port][/path]'),
  credentials: remoteCredentials,
  certificate: z.string().optional().describe("the site's certificate authority as PEM text"),
  policy: sendingPolicy.optional().describe('configs, stats, leaderboards and models when left out'),
});

/** How one run stands with one server. */
export const outboxRow = z.object({
  remote: z.string(),
  runId: z.string(),
  runName: z.string(),
  experiment: z.string(),
  parentRunId: z.string().optional(),
  state: z.enum(['synced', 'waiting', 'failed']),
  reason: z.string().optional().describe('why it waits or failed'),
  heldBack: z.int().nonnegative(),
  syncedAt: z.iso.datetime().optional(),
});
export type OutboxRow = z.output<typeof outboxRow>;

/** One thing that stays here, and by which rule; never its value. */
export const heldBackItem = z.object({
  runId: z.string().describe('of a run; empty for registered models'),
  kind: z.enum(['param', 'metric', 'tag', 'artifact', 'dataset', 'name', 'model']),
  key: z.string(),
  rule: z.string().describe('e.g. "an absolute path"'),
});
export type HeldBackItem = z.output<typeof heldBackItem>;

const byName = z.object({ name: remoteName });

/** Servers that runs are sent to, and what has gone over. */
export const remotesApi = {
  list: query(
    z.object({}),
    z.object({
      remotes: z.array(remote),
      protection: z.enum(['encrypted', 'unprotected']).describe('how tokens and passwords are kept'),
    }),
  ),
  /** Sends nothing yet: test first, then sync. */
  add: command(newRemote, remote),
  setPolicy: command(byName.extend({ policy: sendingPolicy }), remote),
  remove: command(byName, z.object({})),
  /** Of one that is known, or of one before it is added. */
  test: query(z.union([newRemote, byName]), connectionTest),
  /** Sends what waits, now. Answers at once; `states` tells how it goes. */
  sync: command(byName, z.object({})),
  /** How all servers stand, at first and after each change. */
  states: stream(z.object({}), z.array(z.object({ name: z.string(), state: remoteState }))),
  /** Newest run first. */
  outbox: query(
    z.object({
      name: remoteName.optional().describe('of one server; of all when left out'),
      runIds: z.array(z.string()).optional().describe('of these runs alone'),
      offset: z.int().nonnegative().default(0),
      limit: z.int().positive().max(1000).default(200),
    }),
    z.object({ rows: z.array(outboxRow), total: z.int().nonnegative() }),
  ),
  heldBack: query(z.object({ name: remoteName, runId: z.string() }), z.array(heldBackItem)),
};
