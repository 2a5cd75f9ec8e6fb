import { encodeNumber } from '../../../../common/mlflow/metric-value.ts';
import type { History } from '../../store/read-history.ts';
import { LongText } from './long-text.ts';

/**
 * Points that become text in one call. JSON.stringify writes numbers straight into its text; as a text each, all of them
 * would pass through V8's cache of such texts, and grow old there.
 */
const POINTS_AT_ONCE = 100;

/** A whole history, which may have any number of points, as the JSON of an answer, in pieces; releases it. */
export function* writeHistory(key: string, history: History): Generator<Uint8Array, void, void> {
  const { values, timestamps, steps } = history;
  const text = new LongText();
  try {
    // an empty list is left out
    text.add(values.length === 0 ? '{' : '{"metrics":[');
    for (let begin = 0; begin < values.length; begin += POINTS_AT_ONCE) {
      const points: unknown[] = [];
      for (let at = begin; at < Math.min(begin + POINTS_AT_ONCE, values.length); at += 1)
        points.push({ key, value: encodeNumber(values[at]!), timestamp: timestamps[at]!, step: steps[at]! });
      text.add(`${begin === 0 ? '' : ',\n'}${JSON.stringify(points).slice(1, -1)}`);
      if (text.isFull) yield text.take();
    }
    text.add(values.length === 0 ? '}' : ']}');
    yield text.take();
  } finally {
    history.release();
  }
}
