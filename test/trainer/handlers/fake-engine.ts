import { EngineEvents } from '../../../trainer/engines/engine-events.ts';
import type { Engine, EngineEvent, EngineListener, EngineState } from '../../../trainer/engines/engine.ts';

/** An engine whose state a test sets and whose events it fires. */
export class FakeEngine implements Engine {
  readonly kind: Engine['kind'];
  readonly lines: string[] = [];
  readonly rates: number[] = [];
  readonly log = {
    info: (text: string) => void this.lines.push(text),
    warning: (text: string) => void this.lines.push(`warning: ${text}`),
  };
  isTerminated = false;
  state: EngineState = {
    epoch: 1,
    maxEpochs: 5,
    iteration: 3,
    epochLength: 10,
    output: { items: [] },
    metrics: [],
    bestMetric: -1,
    bestMetricEpoch: -1,
  };
  readonly #events = new EngineEvents();

  constructor(kind: Engine['kind'] = 'trainer') {
    this.kind = kind;
  }

  on(event: EngineEvent, listener: EngineListener): void {
    this.#events.on(event, listener);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  setLearningRate(rate: number): void {
    this.rates.push(rate);
  }

  /** Changes the state, then fires. */
  async fire(event: EngineEvent, changes: Partial<EngineState> = {}): Promise<void> {
    this.state = { ...this.state, ...changes };
    await this.#events.fire(event);
  }
}
