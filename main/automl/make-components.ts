import { resolve } from 'node:path';
import {
  automlHandlerSpecs,
  type CommandExecutorArgs,
  type MlflowHandlerArgs,
  type MmarExecutorArgs,
  type MmarHandlerArgs,
} from '../../common/components/automl.ts';
import { findComponent } from '../../common/components/catalogue.ts';
import type { ComponentKind } from '../../common/components/component-spec.ts';
import { FaultError, unwrap } from '../../common/fault.ts';
import { formatJsonPath, type JsonObject } from '../../common/json.ts';
import type { ResolvedAutomlConfig } from '../../common/mmar/config-automl.ts';
import type { ComponentNode } from '../../common/mmar/resolved-config.ts';
import type { Controller } from '../controllers/controller.ts';
import { createController } from '../controllers/registry.ts';
import type { Executor } from '../engine/executor.ts';
import type { Handler, NamedHandler } from '../engine/handler.ts';
import type { UserCode, UserComponents } from '../ports/user-code.ts';
import { MlflowHandler } from './handlers/mlflow-handler.ts';
import { MmarHandler } from './handlers/mmar-handler.ts';
import { MmarStatsHandler } from './handlers/mmar-stats-handler.ts';
import { StatsHandler } from './handlers/stats-handler.ts';
import { openProjection } from '../mlflow/project-run/open-projection.ts';
import { openSystemProbe } from '../node/system-probe.ts';
import type { CodeSnapshot } from './code-snapshot.ts';
import { MmarExecutor } from './mmar-executor.ts';
import { nameOf } from './run-identity.ts';
import type { RunPorts } from './run-request.ts';
import type { SearchedMmar } from './searched-mmar.ts';
import { describeTracking, trackingFolder } from './tracked-run.ts';
import { ownTrainer, siteCommand } from './training-command.ts';

/** The components of a run, made. */
export interface RunComponents {
  readonly controller: Controller;
  readonly executor: Executor;
  readonly handlers: readonly NamedHandler[];
}

/** What they are made with. */
export interface ComponentSite {
  readonly config: ResolvedAutomlConfig;
  readonly mmar: SearchedMmar;
  readonly code: CodeSnapshot;
  readonly runRoot: string;
  readonly ports: Pick<RunPorts, 'clock' | 'launcher'>;
  /** Folders outside the MMAR that its configs may write into. */
  readonly writeTo: readonly string[];
  /** Undefined: the MMAR is not trusted, and its own components are refused. */
  readonly userCode: UserCode | undefined;
}

/** Makes controller, executor and handlers, in this order: built-in ones by name, the MMAR's own ones by path. */
export async function makeComponents(site: ComponentSite): Promise<RunComponents> {
  const { controller, executor, handlers } = site.config;
  return {
    controller: await make(site, 'controller', controller, () =>
      unwrap(createController(controller.name, argsOf(controller))),
    ),
    executor: await make(site, 'executor', executor, () => makeExecutor(site, executor)),
    handlers: await makeHandlers(site, handlers),
  };
}

/** The arguments of the run's MMARHandler, which also says where runs are; its defaults when there is none. */
export function readMmarHandlerArgs({ handlers }: ResolvedAutomlConfig): MmarHandlerArgs {
  const [spec] = automlHandlerSpecs;
  const node = handlers.find(({ name, path }) => path === undefined && name === spec.name);
  return spec.args.parse(node?.args ?? {});
}

async function makeHandlers(
  site: ComponentSite,
  nodes: readonly ComponentNode[],
): Promise<readonly NamedHandler[]> {
  const made: NamedHandler[] = [];
  for (const node of nodes)
    made.push({
      name: nameOf(node),
      handler: await make(site, 'handler', node, () => makeHandler(site, node)),
    });
  return made;
}

async function make<Kind extends keyof UserComponents>(
  { userCode, code, config }: ComponentSite,
  kind: Kind,
  node: ComponentNode,
  makeBuiltIn: () => UserComponents[Kind] | Promise<UserComponents[Kind]>,
): Promise<UserComponents[Kind]> {
  if (node.path === undefined) return makeBuiltIn();
  if (userCode !== undefined)
    return userCode.load({ kind, path: node.path, args: argsOf(node), mmarRoot: code.root });
  throw new FaultError({
    code: 'not-trusted',
    file: config.file,
    path: node.at,
    component: node.path,
    message: `The MMAR's own ${kind} runs only when you trust the MMAR (${formatJsonPath(node.at)}).`,
    allowed: "--trust, after you have read the code in the MMAR's custom/",
  });
}

function makeExecutor(site: ComponentSite, node: ComponentNode): Executor {
  const { mmar, code, config, runRoot, ports, userCode } = site;
  const args = parseArgs<MmarExecutorArgs | CommandExecutorArgs>(node, 'automl_executor');
  if ('command' in args && userCode === undefined) refuseOwnCommands(code, node, config.file);
  const command =
    'command' in args ? siteCommand(args.command) : ownTrainer(userCode && code.customDigest, site.writeTo);
  const keyContentOnly = readMmarHandlerArgs(config).key_mmar_content_only;
  return new MmarExecutor({ mmar, code, runRoot, keyContentOnly, args, command, ...ports });
}

/** The scripts of a template came with the program; others are code of the MMAR's own. */
function refuseOwnCommands(code: CodeSnapshot, node: ComponentNode, file: string): void {
  if (code.own.length === 0) return;
  throw new FaultError({
    code: 'not-trusted',
    file,
    path: node.at,
    component: node.name,
    message: `The command of the MMAR runs only when you trust the MMAR's own code: ${code.own.map(({ path }) => path).join(', ')}.`,
    allowed: '--trust, after you have read these files',
  });
}

function makeHandler(site: ComponentSite, node: ComponentNode): Handler {
  const { runRoot, ports } = site;
  switch (node.name) {
    case 'MMARHandler':
      return new MmarHandler(runRoot, parseArgs<MmarHandlerArgs>(node, 'automl_handler'));
    case 'StatsHandler':
      return new StatsHandler(runRoot, ports.clock);
    case 'MMARStatsHandler':
      return new MmarStatsHandler(runRoot, ports.clock);
    case 'MLflowHandler':
      return makeMlflowHandler(site, parseArgs<MlflowHandlerArgs>(node, 'automl_handler'));
    default:
      throw new Error(`the handler ${node.name} is in the catalogue but cannot be made`);
  }
}

function makeMlflowHandler(site: ComponentSite, args: MlflowHandlerArgs): Handler {
  const { mmar, runRoot, ports } = site;
  const folder = args.store_dir === undefined ? trackingFolder() : resolve(mmar.root, args.store_dir);
  return new MlflowHandler({
    args,
    clock: ports.clock,
    system: openSystemProbe(runRoot),
    open: () => openProjection(folder, describeTracking(mmar.root, runRoot, args)),
  });
}

/** The arguments with their defaults; the config was checked, so they are right. */
function parseArgs<Args>(node: ComponentNode, kind: ComponentKind): Args {
  return findComponent(node.name, kind)!.args.parse(node.args) as Args;
}

/** AutoML components take plain JSON: there is nothing that a reference could lead to. */
function argsOf(node: ComponentNode): JsonObject {
  return JSON.parse(JSON.stringify(node.args)) as JsonObject;
}
