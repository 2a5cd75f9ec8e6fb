import { basename, join } from 'node:path';
import type { MlflowHandlerArgs } from '../../common/components/automl.ts';
import type { ResolvedAutomlConfig } from '../../common/mmar/config-automl.ts';
import type { ComponentNode } from '../../common/mmar/resolved-config.ts';
import type { PendingRun } from '../mlflow/project-run/pending-runs.ts';
import { dataFolder } from '../node/data-folder.ts';

/** Where a run is shown in MLflow. `none`: not at all, whatever its config says. */
export type TrackingChoice = { readonly folder: string } | 'none';

const HANDLER = 'MLflowHandler';

/** The user's own tracking store. */
export function trackingFolder(): string {
  return join(dataFolder(), 'mlflow');
}

/**
 * The handlers of a run: an MLflowHandler is put before the others when a store is chosen and the config names none, so that
 * the files of a job are kept before another handler deletes them.
 */
export function withTracking(
  config: ResolvedAutomlConfig,
  choice: TrackingChoice | undefined,
): ResolvedAutomlConfig {
  const isTracker = ({ name, path }: ComponentNode): boolean => path === undefined && name === HANDLER;
  const { handlers } = config;
  if (choice === 'none') return { ...config, handlers: handlers.filter((node) => !isTracker(node)) };
  if (choice === undefined) return config;
  const place = { store_dir: choice.folder };
  const placed = handlers.map((node) =>
    isTracker(node) ? { ...node, args: { ...place, ...node.args } } : node,
  );
  const tracker: ComponentNode = {
    kind: 'component',
    name: HANDLER,
    args: place,
    attributes: {},
    at: ['handlers'],
  };
  return { ...config, handlers: handlers.some(isTracker) ? placed : [tracker, ...placed] };
}

/** What a tracking store has to know to follow a run. */
export function describeTracking(mmarRoot: string, runRoot: string, args: MlflowHandlerArgs): PendingRun {
  const { experiment_rule: rule, experiment_name: name, note, tags, log_model: keepsModels } = args;
  const experiment = {
    rule,
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    ...(name === undefined ? {} : { name }),
    ...(note === undefined ? {} : { note }),
  };
  return { runRoot, mmarRoot, mmar: basename(mmarRoot), experiment, keepsModels };
}
