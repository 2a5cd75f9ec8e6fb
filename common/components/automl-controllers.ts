import { z } from 'zod';
import type { ComponentSpec } from './component-spec.ts';

const batch = z
  .int()
  .positive()
  .optional()
  .describe(
    'how many recommendations wait or run at any time; 4, or the number of workers when that is larger. A search with the same batch is the same with any number of workers',
  );

const maxJobs = z.int().positive().optional().describe('never more jobs than this in all');

export const reinforcementControllerSpec = {
  kind: 'automl_controller',
  name: 'ReinforcementController',
  aliases: [],
  summary:
    'Tries every combination of enums once, then learns from the ranks of all results where good values are, and tries those.',
  source: 'automl.components.controllers.ReinforcementController (Clara Train 4.1); see docs/controllers.md',
  args: z.strictObject({
    max_rounds: z
      .int()
      .positive()
      .default(8)
      .describe(
        'jobs per combination of enums, where there are floats or ints to learn; without any, each is tried once',
      ),
    max_jobs: maxJobs,
    batch,
  }),
} satisfies ComponentSpec;

export const randomControllerSpec = {
  kind: 'automl_controller',
  name: 'RandomController',
  aliases: [],
  summary: 'Tries points drawn at random, none twice.',
  source: 'Bergstra and Bengio 2012; the BYOC sample of Clara Train 4.1',
  args: z.strictObject({
    max_rounds: z.int().positive().default(20).describe('jobs in all'),
    batch,
  }),
} satisfies ComponentSpec;

export const gridControllerSpec = {
  kind: 'automl_controller',
  name: 'GridController',
  aliases: [],
  summary:
    'Tries every combination, floats and wide ints at a few levels, from the middle of the space outwards.',
  source: 'Outerloop',
  args: z.strictObject({
    levels: z
      .int()
      .positive()
      .max(1000)
      .default(3)
      .describe('values per float, and per int that has more values than this'),
    max_jobs: maxJobs,
  }),
} satisfies ComponentSpec;

/** The search algorithms that a config_automl can name. */
export const automlControllerSpecs: readonly ComponentSpec[] = [
  reinforcementControllerSpec,
  randomControllerSpec,
  gridControllerSpec,
];
