import type { ComponentNode } from '../../common/mmar/resolved-config.ts';
import type { Tensor } from '../data/tensor.ts';
import type { Engine, Handler } from '../engines/engine.ts';
import type { Value } from '../graph/value.ts';
import type { Loss } from '../losses/loss.ts';
import type { Metric } from '../metrics/metric.ts';
import type { Network } from '../networks/network.ts';
import type { RandomTransform, Transform } from '../transforms/transform.ts';
import { guard, guardAsync, incomplete, requireMethods, type Members } from './guard-user-code.ts';

/** `{apply(item), setRandomState?(seed)}` */
export function asTransform(node: ComponentNode, object: object): Transform | RandomTransform {
  const own = requireMethods(node, object, 'transform', ['apply']) as Transform & Partial<RandomTransform>;
  const apply: Transform['apply'] = (item) => guard(node, 'apply', () => own.apply(item));
  if (typeof own.setRandomState !== 'function') return { name: node.name, apply };
  return { name: node.name, apply, setRandomState: (seed) => own.setRandomState!(seed) };
}

/** `{inChannels, outChannels, spatialDims?, divisibleBy?, build(x, context)}` */
export function asNetwork(node: ComponentNode, object: object): Network {
  const own = requireMethods(node, object, 'network', ['build']) as Network & Members;
  for (const property of ['inChannels', 'outChannels'] as const) {
    if (!Number.isInteger(own[property])) throw incomplete(node, 'network', property);
  }
  const spatialDims = own.spatialDims ?? 3;
  return {
    name: node.name,
    inChannels: own.inChannels,
    outChannels: own.outChannels,
    spatialDims,
    divisibleBy: own.divisibleBy ?? Array.from({ length: spatialDims }, () => 1),
    build: (x, context) => guard(node, 'build', () => own.build(x, context)),
  };
}

/** `{build(logits, label)}` */
export function asLoss(node: ComponentNode, object: object): Loss {
  const own = requireMethods(node, object, 'loss', ['build']) as { build: Loss };
  return (logits: Value, label: Value) => guard(node, 'build', () => own.build(logits, label));
}

/** `{reset(), update(prediction, label), value(), perClass?(), perCase?(), firstClass?}` */
export function asMetric(node: ComponentNode, object: object): Metric {
  const own = requireMethods(node, object, 'metric', ['reset', 'update', 'value']) as Metric;
  const update = (prediction: Tensor, label: Tensor): void =>
    guard(node, 'update', () => own.update(prediction, label));
  return {
    firstClass: own.firstClass ?? 0,
    reset: () => own.reset(),
    update,
    value: () => own.value(),
    ...(typeof own.perClass === 'function' && { perClass: () => own.perClass!() }),
    ...(typeof own.perCase === 'function' && { perCase: () => own.perCase!() }),
  };
}

/** `{attach(engine), needsPredictions?}` */
export function asHandler(node: ComponentNode, object: object): Handler {
  const own = requireMethods(node, object, 'handler', ['attach']) as Handler;
  return {
    name: node.name,
    needsPredictions: own.needsPredictions === true,
    attach(engine) {
      const guarded: Engine = {
        kind: engine.kind,
        log: engine.log,
        get state() {
          return engine.state;
        },
        on: (event, listener) => engine.on(event, () => guardAsync(node, event, listener)),
        terminate: () => engine.terminate(),
        setLearningRate: (rate) => engine.setLearningRate(rate),
      };
      guard(node, 'attach', () => own.attach(guarded));
    },
  };
}
