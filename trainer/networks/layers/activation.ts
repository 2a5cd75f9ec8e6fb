import type { Activation } from '../../../common/components/layers.ts';
import {
  clip,
  elu,
  leakyRelu,
  multiply,
  prelu,
  relu,
  reshape,
  sigmoid,
  softplus,
  tanh,
} from '../../graph/ops/index.ts';
import type { Value } from '../../graph/value.ts';
import { constantInitializer } from '../initializers.ts';
import type { BuildContext, Layer } from '../network.ts';

/** The activation function; PReLU declares its slope as `weight`. */
export function createActivation(context: BuildContext, activation: Activation): Layer {
  switch (activation.name) {
    case 'relu':
      return relu;
    case 'relu6':
      return (x) => clip(x, 0, 6);
    case 'leakyrelu':
      return (x) => leakyRelu(x, activation.args.negative_slope);
    case 'prelu':
      return createPRelu(context, activation.args.num_parameters, activation.args.init);
    case 'elu':
      return (x) => elu(x, activation.args.alpha);
    case 'sigmoid':
      return sigmoid;
    case 'tanh':
      return tanh;
    case 'swish':
      return (x) => multiply(x, sigmoid(multiply(x, activation.args.alpha)));
    case 'mish':
      return (x) => multiply(x, tanh(softplus(x)));
  }
}

/** `torch.nn.PReLU`: one slope for all channels, or one for each. */
function createPRelu({ scope }: BuildContext, slopes: number, start: number): Layer {
  const weight = scope.parameter('weight', [slopes], constantInitializer(start));
  const perChannel = (x: Value): Value => reshape(weight, [slopes, ...x.shape.slice(2).map(() => 1)]);
  return (x) => prelu(x, slopes === 1 ? weight : perChannel(x));
}
