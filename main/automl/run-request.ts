import type { SetArguments } from '../../common/mmar/set-arguments.ts';
import type { RunObservation } from '../../common/run/run-observation.ts';
import { deviceProbe } from '../node/device-probe.ts';
import { trainerLauncher } from '../node/launch-trainer.ts';
import { processTable } from '../node/process-table.ts';
import { systemClock } from '../node/system-clock.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeviceProbe } from '../ports/devices.ts';
import type { ProcessTable } from '../ports/processes.ts';
import type { TrainerLauncher } from '../ports/trainer-launcher.ts';
import type { UserCode } from '../ports/user-code.ts';
import type { TrackingChoice } from './tracked-run.ts';
import { ChildUserCode } from '../user-code/child-user-code.ts';

/** Absolute paths of what an MMAR's own components work with. */
export interface UserCodePlace {
  readonly mmarRoot: string;
  readonly codeRoot: string;
  readonly runRoot: string;
}

/** What a run needs of the machine. */
export interface RunPorts {
  readonly clock: Clock;
  readonly devices: DeviceProbe;
  readonly launcher: TrainerLauncher;
  readonly processes: ProcessTable;
  /**
   * Opens an MMAR's own components as a run's copy of its code holds them, which may read the MMAR and write the run's folder;
   * without it they are refused.
   */
  readonly openUserCode?: (place: UserCodePlace) => UserCode;
}

/** This machine. */
export const nodePorts: RunPorts = {
  clock: systemClock,
  devices: deviceProbe,
  launcher: trainerLauncher,
  processes: processTable,
  openUserCode: ({ mmarRoot, codeRoot, runRoot }) => new ChildUserCode([mmarRoot, codeRoot], [runRoot]),
};

/** A search to be run. */
export interface RunRequest {
  /** Absolute path of the MMAR. */
  readonly mmarRoot: string;
  /** File in config/; config_automl.json when left out. */
  readonly automlConf?: string;
  /**
   * What `--set` said: `run_id` (the next free `run<n>` when left out), `workers` (as `engine` of the config says, else `0`), `trainconf`,
   * `traceout` (console, file or both; default file), `engTrace` (name of the trace file), `job_poll_interval`,
   * `max_job_run_time`, `max_sys_run_time`, and any variable of config_automl.json. A resume begins with what the run
   * was started with.
   */
  readonly overrides: SetArguments;
  /** Go on with a run that was interrupted or killed. */
  readonly resume?: boolean;
  /** Drawn when left out. */
  readonly seed?: number;
  /**
   * The MMAR's own code may run: whatever is there when the run starts, or only that of a digest of the trust store. A
   * resume has to say so again: a journal may come with the MMAR of somebody else.
   */
  readonly trust?: boolean | string;
  /** Folders outside the MMAR, absolute, that its configs may write into; none when left out. */
  readonly writeTo?: readonly string[];
  /**
   * The tracking store that shows the run, or `none`. When left out only a run whose config names an MLflowHandler is
   * shown, in the user's own store.
   */
  readonly tracking?: TrackingChoice;
  readonly ports?: Partial<RunPorts>;
  readonly observe?: (observation: RunObservation) => void;
  /** Aborted to stop the run so that it can be resumed, as Ctrl-C does. */
  readonly stop?: AbortSignal;
}
