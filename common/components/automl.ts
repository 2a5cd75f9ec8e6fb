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

const mlflowHandler = {
  kind: 'automl_handler',
  name: 'MLflowHandler',
  aliases: ['MLFlowHandler'],
  summary:
    "Shows the run in MLflow's embedded store while it goes on: a run for the search, a nested one for each job. Every run has it unless --no-mlflow says otherwise.",
  source: 'ours; the rule for experiment names is that of an MLflow handler written for Clara Train 4',
  args: z.strictObject({
    experiment_name: z
      .string()
      .min(1)
      .optional()
      .describe('an experiment that several runs share; else experiment_rule makes the name'),
    experiment_rule: z
      .enum(['run', 'project'])
      .default('run')
      .describe('run: one experiment per run, <MMAR>/<run>; project: "AM" and the folder that holds MMARs/'),
    note: z.string().optional().describe("the experiment's description, Markdown"),
    tags: z.record(z.string(), z.string()).default({}).describe('further tags of the experiment'),
    log_model: z.boolean().default(true).describe("keep each job's model.onnx as a model of MLflow"),
    log_system_metrics: z.boolean().default(true).describe('measure CPU, memory, disk and GPUs'),
    system_metrics_interval: z.number().positive().default(10).describe('seconds between two measurements'),
    flush_interval: z.number().positive().default(2).describe('seconds between two writes while jobs run'),
    store_dir: z
      .string()
      .min(1)
      .optional()
      .describe("folder of the tracking store, relative to the MMAR; the user's own when left out"),
  }),
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
  mlflowHandler,
] as const satisfies readonly ComponentSpec[];

export type MmarExecutorArgs = z.output<typeof mmarExecutor.args>;
export type CommandExecutorArgs = z.output<typeof commandExecutor.args>;
export type MmarHandlerArgs = z.output<typeof mmarHandler.args>;
export type MlflowHandlerArgs = z.output<typeof mlflowHandler.args>;
