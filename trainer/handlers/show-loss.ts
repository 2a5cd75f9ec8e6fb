import { FaultError } from '../../common/fault.ts';
import { isExpression } from '../../common/mmar/resolved-config.ts';

const ALLOWED = "#monai.handlers.from_engine(['loss'], first=True), lambda x: x['loss'] or lambda x: None";

/**
 * Whether a handler shows the loss of each step: what its `output_transform` means. Without one it does.
 *
 * @throws FaultError for an expression that picks anything but the loss
 */
export function readShowLoss(outputTransform: unknown, component: string): boolean {
  if (outputTransform === undefined || outputTransform === null) return true;
  if (isExpression(outputTransform)) {
    const { expression, at } = outputTransform;
    if (expression.form === 'nothing') return false;
    const keys = 'keys' in expression ? expression.keys : [];
    if (keys.length === 1 && keys[0] === 'loss') return true;
    throw wrongTransform(component, at);
  }
  throw wrongTransform(component);
}

function wrongTransform(component: string, path?: readonly (string | number)[]): FaultError {
  return new FaultError({
    code: 'wrong-argument',
    message: 'Of a step only the loss can be shown.',
    component,
    argument: 'output_transform',
    ...(path && { path }),
    allowed: ALLOWED,
  });
}
