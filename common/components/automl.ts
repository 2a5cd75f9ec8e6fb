import { z } from 'zod';
import type { ComponentSpec } from './component-spec.ts';

const executorArgs = {
  msg_destination: z
    .enum(['file', 'console'])
    .default('file')
    .describe("where a job's output goes: only to the job's log.txt, or to the console as well"),
  remove_search_augs: z
    .boolean()
    .default(false)
    .describe("write the job's config without `search` and `apply`: a plain train config"),
  poll_interval: z
    .number()
    .positive()
    .default(1)
    .describe('accepted for compatibility: the end of a job is noticed at once'),
  max_idle_time: z
    .number()
    .positive()
    .default(3600)
    .describe('seconds without a sign of life (message or output) after which a job is taken for hung'),
  abort_grace_time: z
    .number()
    .nonnegative()
    .default(30)
    .describe('seconds that a job gets to write its checkpoint before it is killed'),
} as const;

const mmarExecutor = {
  kind: 'automl_executor',
  name: 'MMARExecutor',
  aliases: [],
  summary: "Makes each job an MMAR of its own and trains it with Outerloop's trainer, in a process per job.",
  source: 'medl.apps.automl.mmar_exec.MMARExecutor (Clara Train 4.1)',
  args: z.strictObject(executorArgs),
} satisfies ComponentSpec;

const commandExecutor = {
  kind: 'automl_executor',
  name: 'CommandExecutor',
  aliases: [],
  summary:
    "As MMARExecutor, but runs a command of the job's MMAR, so that a site's own trainer (Python, a container) is the inner loop. The command has to write train_stats.json.",
  source: 'medl.apps.automl.base_mmar_exec.BaseMMARExecutor (Clara Train 4.1)',
  args: z.strictObject({
    ...executorArgs,
    command: z
      .string()
      .min(1)
      .default('commands/automl_train_round.sh')
      .describe("the program, relative to the job's MMAR"),
  }),
} satisfies ComponentSpec;

const mmarHandler = {
  kind: 'automl_handler',
  name: 'MMARHandler',
  aliases: [],
  summary:
    'Keeps the run folder: which jobs stay on the disk, `best/`, and when a score is good enough to stop.',
  source: 'medl.apps.automl.mmar_handler.MMARHandler (Clara Train 4.1)',
  args: z.strictObject({
    train_config_file: z
      .string()
      .min(1)
      .default('config_train.json')
      .describe("the train config with the search, a file in the MMAR's config/"),
    work_dir: z
      .string()
      .min(1)
      .default('automl')
      .describe('folder that holds the run folders; relative to the MMAR'),
    num_mmars_to_keep: z
      .int()
      .positive()
      .optional()
      .describe(
        'keep the folders of the best so many jobs and delete those of the others; all when left out',
      ),
    stop_threshold: z.number().optional().describe('end the run once a job reaches this score'),
    key_mmar_content_only: z
      .boolean()
      .default(false)
      .describe('a job gets config, commands, resources and custom only, not everything that is in the MMAR'),
  }),
} satisfies ComponentSpec;

const statsHandler = {
  kind: 'automl_handler',
  name: 'StatsHandler',
  aliases: [],
  summary: 'Writes automl_stats.json: how many jobs ended how, times, and the best score over time.',
  source: 'automl.components.handlers.stats_handler.StatsHandler (Clara Train 4.1); the format is ours',
  args: z.strictObject({}),
} satisfies ComponentSpec;

const mmarStatsHandler = {
  kind: 'automl_handler',
  name: 'MMARStatsHandler',
  aliases: [],
  summary: 'Writes the leaderboard: leaderboard.json and leaderboard.csv, best job first.',
  source: 'medl.apps.automl.mmar_stats_handler.MMARStatsHandler (Clara Train 4.1); the format is ours',
  args: z.strictObject({}),
} satisfies ComponentSpec;

/** The executors that `config_automl.json` may name. */
export const automlExecutorSpecs = [
  mmarExecutor,
  commandExecutor,
] as const satisfies readonly ComponentSpec[];

/** The handlers that `config_automl.json` may name. */
export const automlHandlerSpecs = [
  mmarHandler,
  statsHandler,
  mmarStatsHandler,
] as const satisfies readonly ComponentSpec[];

export type MmarExecutorArgs = z.output<typeof mmarExecutor.args>;
export type CommandExecutorArgs = z.output<typeof commandExecutor.args>;
export type MmarHandlerArgs = z.output<typeof mmarHandler.args>;
