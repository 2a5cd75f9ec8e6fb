import type { RunObservation } from '../../../common/run/run-observation.ts';
import type { JobProgress } from '../../../common/run/progress.ts';
import { countOf, formatNumber, formatSeconds } from '../format.ts';
import type { Output } from '../output.ts';
import { describeEnd, describeProgress, describeValues } from './describe-job.ts';
import type { RunView } from './run-view.ts';

/** For logs and pipes: a line when a job starts, is measured or ends, and one for the run when a job has ended. */
export class PlainRunView implements RunView {
  readonly #output: Output;
  readonly #progress = new Map<string, JobProgress>();
  #jobsDone = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  observe(observation: RunObservation): void {
    switch (observation.type) {
      case 'job': {
        const { record } = observation;
        if (record.state === 'running') {
          this.#output.line(`${record.job}  started on ${record.worker}  ${describeValues(record.concrete)}`);
        } else this.#output.line(describeEnd(record));
        return;
      }
      case 'job-progress': {
        const { job, worker, progress } = observation;
        const whole = { ...this.#progress.get(job), ...progress };
        this.#progress.set(job, whole);
        // metrics come once per validation; iterations would flood a log
        if (progress.metrics !== undefined)
          this.#output.line(`${job}  ${worker}  ${describeProgress(whole)}`);
        return;
      }
      case 'run-progress': {
        const { jobsDone, jobsPlanned, bestScore, bestJob, secondsLeft } = observation.progress;
        if (jobsDone === this.#jobsDone) return;
        this.#jobsDone = jobsDone;
        const planned = jobsPlanned === undefined ? '' : ` of ${jobsPlanned}`;
        const best = bestJob === undefined ? '' : `, best ${formatNumber(bestScore)} (${bestJob})`;
        this.#output.line(
          `${countOf(jobsDone, 'job')}${planned} done${best}, about ${formatSeconds(secondsLeft)} left`,
        );
        return;
      }
      case 'log':
        if (observation.level !== 'info') {
          this.#output.line(`${observation.job}  ${observation.level}: ${observation.text}`);
        }
        return;
      case 'trace':
        this.#output.line(`${observation.issuer}: ${observation.text}`);
        return;
      case 'workers':
      case 'entry':
        return;
    }
  }

  close(): void {}
}
