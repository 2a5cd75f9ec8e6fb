import { encodeNumber } from '../../../../common/mlflow/metric-value.ts';
import type { LatestPoint, RunText } from '../../store/run-texts.ts';
import type { FoundRuns } from '../../store/search-runs.ts';
import { encodeRun } from './encode.ts';
import { LongText } from './long-text.ts';

/** What a search found, which may be any number of runs, as the JSON of an answer, in pieces. */
export function* writeRuns({ pieces, token }: FoundRuns): Generator<Uint8Array, void, void> {
  const text = new LongText();
  let isFirst = true;
  for (const runs of pieces) {
    // all of a piece at once: what waits between two sendings grows old in the heap
    for (const run of runs) {
      text.add(isFirst ? '{"runs":[' : ',\n');
      text.add(writeRun(run));
      isFirst = false;
    }
    yield text.take();
  }
  // an empty list is left out
  const tail = token === undefined ? '' : `,"next_page_token":${JSON.stringify(token)}`;
  text.add(isFirst ? '{}' : `]${tail}}`);
  yield text.take();
}

/** As {@link encodeRun}, which makes all but what was logged. */
function writeRun({ bare, metrics, params, tags }: RunText): string {
  // a search gives no models that a run took in: those come with the run itself
  const { info, inputs, outputs } = encodeRun({ ...bare, inputs: { ...bare.inputs, model_inputs: [] } });
  const data = [
    ...(metrics.length === 0 ? [] : [`"metrics":${JSON.stringify(metrics.map(toPoint))}`]),
    ...(params === undefined ? [] : [`"params":${params}`]),
    ...(tags === undefined ? [] : [`"tags":${tags}`]),
  ].join(',');
  return `{"info":${JSON.stringify(info)},"data":{${data}},"inputs":${JSON.stringify(inputs)},"outputs":${JSON.stringify(outputs)}}`;
}

const toPoint = ([, key, value, timestamp, step, isNan]: LatestPoint) => ({
  key,
  value: encodeNumber(isNan === 0 ? value : NaN),
  timestamp,
  step,
});
