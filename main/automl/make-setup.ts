import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { contextKey } from '../../common/run/context-key.ts';
import type { RunHost } from '../../common/run/journal-event.ts';
import type { EngineSetup } from '../engine/engine-setup.ts';
import { programVersion } from '../node/program-version.ts';
import type { UserCode } from '../ports/user-code.ts';
import type { WorkerConfig } from '../scheduler/parse-workers.ts';
import { WorkerPool } from '../scheduler/worker-pool.ts';
import type { CodeSnapshot } from './code-snapshot.ts';
import { makeComponents } from './make-components.ts';
import { findCreation, type OpenRun } from './open-run.ts';
import type { PreparedRun } from './prepare-run.ts';
import { describeIdentity, refuseChangedRun } from './run-identity.ts';
import type { RunPorts, RunRequest } from './run-request.ts';
import type { TraceWriter } from './trace-writer.ts';

/** Seeds are 32-bit, as the random sources that they start. */
const SEEDS = 2 ** 32;
/** Among the settings in the journal: the file that `--automlconf` named. */
export const AUTOML_CONF = '--automlconf';

/** What an engine is set up from. */
export interface SetupParts {
  readonly request: RunRequest;
  readonly ports: RunPorts;
  readonly prepared: PreparedRun;
  readonly run: OpenRun;
  readonly code: CodeSnapshot;
  readonly trusted: boolean;
  readonly userCode: UserCode | undefined;
  readonly trace: TraceWriter;
}

/** Makes the components of a run, and all that its engine works with. @throws FaultError `run-changed` on a resume */
export async function makeSetup(parts: SetupParts): Promise<EngineSetup> {
  const { request, ports, prepared, run, code, trusted, userCode, trace } = parts;
  const { config, mmar, settings, workers, cores } = prepared;
  const before = findCreation(run.history?.entries ?? [])?.identity;
  const now = describeIdentity(
    { mmar, code, config },
    {
      runId: before?.runId ?? resolve(run.root).split(/[\\/]/).at(-1)!,
      seed: request.seed ?? before?.seed ?? randomInt(SEEDS),
      numWorkers: before?.numWorkers ?? workers.length,
      // the code of a run that was trusted is compared; what its journal says lets nothing run
      trusted: trusted || before?.trusted === true,
    },
  );
  if (before !== undefined) refuseChangedRun(before, now);
  const components = await makeComponents({
    ...{ config, mmar, code, ports, userCode },
    runRoot: run.root,
    writeTo: request.writeTo ?? [],
  });
  return {
    identity: before ?? now,
    host: describeHost(ports, settings.workers, workers),
    settings: { [AUTOML_CONF]: config.file.slice('config/'.length), ...prepared.overrides.texts },
    ...components,
    scheduler: new WorkerPool(workers, cores),
    journal: run.journal,
    ...(run.history === undefined ? {} : { history: run.history }),
    clock: ports.clock,
    limits: settings.limits,
    properties: {
      [contextKey.mmarRoot]: mmar.root,
      [contextKey.runRoot]: run.root,
      [contextKey.runId]: now.runId,
      [contextKey.seed]: now.seed,
      [contextKey.traceDestType]: settings.traceOut,
      [contextKey.traceDestFile]: settings.traceFile,
    },
    observe: (observation) => {
      trace.observe(observation);
      request.observe?.(observation);
    },
    trace: trace.trace,
  };
}

function describeHost({ processes }: RunPorts, text: string, workers: readonly WorkerConfig[]): RunHost {
  const { node } = process.versions;
  return {
    versions: { outerloop: programVersion(), node, platform: `${process.platform}-${process.arch}` },
    workers: text,
    devices: workers.map(({ devices }) => [...devices]),
    pid: processes.self().pid,
  };
}
