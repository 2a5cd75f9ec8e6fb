import { FaultError } from '../../common/fault.ts';
import { isExpression, type ComponentNode, type SectionName } from '../../common/mmar/resolved-config.ts';
import { NO_METRICS, type MetricSlot, type MetricSlots } from '../engines/metric-slots.ts';
import { metricRegistry } from '../metrics/registry.ts';
import type { BuildContext } from './build-context.ts';
import type { Slot } from './slots.ts';

/** The metrics that an engine's arguments name: the key metric first, then the additional ones. */
export function buildMetrics(
  context: BuildContext,
  engine: ComponentNode,
  section: SectionName,
  keyArgument: 'key_train_metric' | 'key_val_metric',
): MetricSlots {
  const build = (slot: Slot): readonly MetricSlot[] => slot.nodes.map((node) => buildMetric(context, node));
  const { slots } = context;
  const key = slots.follow(engine, keyArgument, section, 'metric', build) ?? [];
  const additional = slots.follow(engine, 'additional_metrics', section, 'metric', build) ?? [];
  const all = [...key, ...additional];
  if (all.length === 0) return NO_METRICS;
  const repeated = all.find(({ label }, index) => all.findIndex((other) => other.label === label) < index);
  if (repeated === undefined) return { hasKey: key.length > 0, slots: all };
  throw new FaultError(
    slots.fault(engine, 'additional_metrics', {
      code: 'wrong-argument',
      message: `Two metrics have the log_label "${repeated.label}".`,
      allowed: 'a log_label of its own for each metric',
    }),
  );
}

function buildMetric({ slots, userClasses }: BuildContext, node: ComponentNode): MetricSlot {
  return slots.at(node, () => {
    const metric =
      node.path === undefined ? metricRegistry.create(node.name, node.args) : userClasses.createMetric(node);
    const label = node.attributes.log_label;
    const [predictionKey, labelKey] = comparedKeys(node);
    return {
      label: typeof label === 'string' ? label : node.name,
      component: node.name,
      metric: {
        ...metric,
        update: (prediction, reference) => slots.at(node, () => metric.update(prediction, reference)),
      },
      predictionKey,
      labelKey,
    };
  });
}

/** What `output_transform` compares with what; prediction and label where it is absent. */
function comparedKeys(node: ComponentNode): readonly [string, string] {
  const value = node.args.output_transform;
  if (value === undefined || value === null) return ['pred', 'label'];
  if (isExpression(value)) {
    const { expression } = value;
    const keys = 'keys' in expression ? expression.keys : [];
    const isPair =
      expression.form === 'pick' ? expression.tuple : expression.form === 'from-engine' && !expression.first;
    if (isPair && keys.length === 2) return [keys[0], keys[1]];
  }
  throw new FaultError({
    code: 'wrong-argument',
    message: 'A metric compares two images of each case.',
    component: node.name,
    argument: 'output_transform',
    allowed: "#monai.handlers.from_engine(['pred', 'label']) or lambda x: (x['pred'], x['label'])",
  });
}
