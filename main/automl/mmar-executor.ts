import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { MmarExecutorArgs } from '../../common/components/automl.ts';
import { contextKey } from '../../common/run/context-key.ts';
import { makeConcrete } from '../../common/search-space/make-concrete.ts';
import type { BoundSearchSpace } from '../../common/search-space/read-search-space.ts';
import type { SearchSpace } from '../../common/search-space/search-space.ts';
import type { Executor, Job, JobResult } from '../engine/executor.ts';
import type { Clock } from '../ports/clock.ts';
import type { LaunchSpec, TrainerLauncher } from '../ports/trainer-launcher.ts';
import { makeJobEnvironment } from './job-environment.ts';
import { folderExists } from '../node/folder-exists.ts';
import { makeJobFolder } from './job-folder.ts';
import { adoptResult, judgeJob } from './judge-job.ts';
import { readSearchSpaceOf } from './read-search.ts';
import { readJobStats } from './read-train-stats.ts';
import { JOB_FILES } from './run-folder.ts';
import { placeCode, type CodeSnapshot } from './code-snapshot.ts';
import type { SearchedMmar } from './searched-mmar.ts';
import { superviseTraining } from './supervise-training.ts';
import { outerloopProgram, type TrainingCommand } from './training-command.ts';

export interface MmarExecutorSetup {
  readonly mmar: SearchedMmar;
  readonly code: CodeSnapshot;
  /** Absolute path of the run's folder. */
  readonly runRoot: string;
  readonly keyContentOnly: boolean;
  readonly args: Omit<MmarExecutorArgs, 'poll_interval'>;
  readonly command: TrainingCommand;
  readonly launcher: TrainerLauncher;
  readonly clock: Clock;
}

/** How long a trainer whose engine was killed may take to end its step and write its checkpoint. */
const ORPHAN_GRACE_MS = 20_000;

/**
 * Makes each job an MMAR of its own in the run's folder, trains it in a process of its own, and reads its score from
 * train_stats.json. Clara's MMARExecutor; with another command, CommandExecutor.
 */
export class MmarExecutor implements Executor {
  readonly #setup: MmarExecutorSetup;
  #space: BoundSearchSpace | undefined;

  constructor(setup: MmarExecutorSetup) {
    this.#setup = setup;
  }

  determineSearchSpace(): SearchSpace {
    const { mmar, command } = this.#setup;
    this.#space = readSearchSpaceOf(mmar, command.isOwnTrainer);
    return { parameters: this.#space.parameters };
  }

  async execute(job: Job): Promise<JobResult> {
    const { runRoot, launcher } = this.#setup;
    const jobRoot = join(runRoot, job.name);
    job.context.setProp(contextKey.jobMmarRoot, jobRoot);
    const exists = job.resume && (await folderExists(jobRoot));
    if (exists) {
      await launcher.reap(join(jobRoot, JOB_FILES.pid), ORPHAN_GRACE_MS);
      const adopted = adoptResult(await readJobStats(this.#statsFile(jobRoot)));
      if (adopted !== undefined) return adopted;
      await placeCode(this.#setup.code, jobRoot);
    } else await this.#makeFolder(job, jobRoot);
    return this.#train(job, jobRoot, exists);
  }

  async #makeFolder(job: Job, jobRoot: string): Promise<void> {
    const { mmar, code, keyContentOnly, args } = this.#setup;
    const { config } = makeConcrete(mmar.trainConfig, this.#space!, job.recommendation.values, {
      removeSearchAugs: args.remove_search_augs,
    });
    await makeJobFolder({ mmar, code, jobRoot, keyContentOnly, trainConfig: config });
  }

  async #train(job: Job, jobRoot: string, resume: boolean): Promise<JobResult> {
    const { args, launcher, clock, command } = this.#setup;
    const statsFile = this.#statsFile(jobRoot);
    await mkdir(dirname(statsFile), { recursive: true });
    const end = await superviseTraining(job, this.#describeLaunch(job, jobRoot, resume), {
      launcher,
      clock,
      maxIdleSeconds: args.max_idle_time,
      abortGraceSeconds: args.abort_grace_time,
      isVerbose: args.msg_destination === 'console',
      ...(command.isOwnTrainer ? {} : { statsFile }),
    });
    return judgeJob(await readJobStats(statsFile), end, statsFile.slice(jobRoot.length + 1));
  }

  #describeLaunch({ lease }: Job, jobRoot: string, resume: boolean): LaunchSpec {
    const { command } = this.#setup;
    const threads = String(lease.threads);
    return {
      entry: command.entry,
      args: command.args(jobRoot, resume),
      folder: jobRoot,
      environment: {
        CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
        CUDA_VISIBLE_DEVICES: lease.devices.join(','),
        OUTERLOOP_THREADS: threads,
        OMP_NUM_THREADS: threads,
        OUTERLOOP: process.env.OUTERLOOP ?? outerloopProgram,
        ...command.environment,
      },
      logFile: join(jobRoot, JOB_FILES.log),
      pidFile: join(jobRoot, JOB_FILES.pid),
    };
  }

  #statsFile(jobRoot: string): string {
    const { mmar } = this.#setup;
    const folder = makeJobEnvironment(mmar.environment, mmar.root, jobRoot).MMAR_CKPT_DIR;
    return join(jobRoot, typeof folder === 'string' && folder !== '' ? folder : 'models', 'train_stats.json');
  }
}
