import type { Step } from './step.ts';
import { nameOf } from './step.ts';

/** A difference to the real server that is meant. Each must still be there: one that is gone fails the test. */
export interface AllowedDifference {
  /** Part of the names of the steps it is about. */
  readonly step: string | RegExp;
  /** Where the answers may differ: the beginning of the place. */
  readonly at: readonly string[];
  readonly why: string;
}

export const ALLOWED_DIFFERENCES: readonly AllowedDifference[] = [
  {
    step: /"new_name":"first"/,
    at: ['body.message'],
    why: "the text of the database's driver, with its SQL, is of no use to a client",
  },
  {
    step: '"filter":"name = first"',
    at: ['body.message'],
    why: 'says that the quotes are missing, as both servers do for runs',
  },
  {
    step: /"(start_time|timestamp)":1\.5/,
    at: ['status', 'body'],
    why: 'the real server drops a time that is no integer, and every field after it; a wrong type is refused here',
  },
  {
    step: /"value":\[1\]|experiments\/create \[\]$/,
    at: ['status', 'body'],
    why: 'the real server breaks down (500), and clients would retry for minutes',
  },
  {
    step: /^(DELETE|POST) \/api\/2\.0\/mlflow\/(runs\/get|experiments\/get-by-name)|mlflow\/(nothing\/here|runs\/nothing)|%2e%2e\/%2e%2e\/etc/,
    at: ['body'],
    why: 'an unknown address is answered in JSON, as everything else, not by a page',
  },
  {
    step: /"filter":"run_id IN \('a' 'b'\)"/,
    at: ['status', 'body'],
    why: 'the real server joins the two texts to one, by a rule of Python',
  },
  {
    step: '"experiment_ids":[1]',
    at: ['status', 'body'],
    why: 'the real server ignores ids that are no texts and finds nothing; a wrong type is refused here',
  },
  {
    step: '"order_by":["metrics.loss","metrics.loss DESC"]',
    at: ['status', 'body.error_code'],
    why: 'the request is wrong, not the server: 500 would make clients retry for minutes',
  },
  {
    step: "metrics.score LIKE 'x'",
    at: ['body.message'],
    why: 'of the two things that are wrong with it, the other one is said',
  },
  {
    step: '"datasets":[{"dataset_name":"mnist"}]',
    at: ['body.models'],
    why: 'without a digest the real server looks for metrics that have none; here for those with any',
  },
  {
    step: '"source":"file:///etc"',
    at: ['body.message'],
    why: 'shows the source as it was given',
  },
  {
    step: '"max_results":"1001"',
    at: ['body.message'],
    why: 'says what the limit is',
  },
  {
    step: 'registered-models/search {"order_by":["colour"]}',
    at: ['body.message'],
    why: 'the same words as in all other searches',
  },
  {
    step: /^GET .*"path":"\{\{exp\}\}\/\{\{run\}\}\/artifacts"|artifacts\/list \{"run_id":"\{\{run\}\}"\}$/,
    at: ['body.files'],
    why: 'an empty file has a size, 0',
  },
  {
    step: 'server-info',
    at: ['body.features_enabled.gateway', 'body.multipart_uploads_enabled'],
    why: 'no gateway to language models, but uploads in parts',
  },
  {
    step: 'experiments/create not json',
    at: ['body.message'],
    why: 'says that it is no JSON rather than that a name is missing',
  },
  {
    step: 'GET /api/2.0/mlflow/experiments/get {"experiment_id":"{{exp}}"} with origin',
    at: ['status', 'body'],
    why: 'pages of other places may not even read',
  },
];

/** The allowed difference that a difference of a step is; undefined for one that is none. */
export function findAllowed(step: Step, difference: string): AllowedDifference | undefined {
  const name = nameOf(step);
  return ALLOWED_DIFFERENCES.find(
    ({ step: wanted, at }) =>
      (typeof wanted === 'string' ? name.includes(wanted) : wanted.test(name)) &&
      at.some((place) => difference.startsWith(place)),
  );
}
