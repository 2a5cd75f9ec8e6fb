import type { Fault } from '../../../common/fault.ts';
import { checkComponents } from '../../../common/mmar/check-components.ts';
import { findMissingTrainer, findUnusedSlots } from '../../../common/mmar/check-sections.ts';
import type { ConfigSource } from '../../../common/mmar/config-source.ts';
import type { ResolvedTrainConfig } from '../../../common/mmar/resolved-config.ts';
import { readTrainConfig, untrainable } from '../../../common/mmar/resolve-train-config.ts';
import { findMissingUserCode, userComponentsOf } from './check-user-code.ts';

/** What is wrong with a train config in itself; `resolved` where it is sound enough to look at its data. */
export interface TrainConfigCheck {
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
  readonly resolved?: ResolvedTrainConfig;
}

/** Checks grammar, variables, alternatives, references, components and arguments: everything that needs no data. */
export function checkTrainConfig(source: ConfigSource): TrainConfigCheck {
  const read = readTrainConfig(source);
  if (!read.ok) return { faults: read.faults, warnings: [] };
  const resolved = read.value;
  const { file } = source;
  if (resolved.dialect === '3.x') return { faults: [untrainable(file)], warnings: [] };
  const sections = [resolved.train, ...(resolved.validate === undefined ? [] : [resolved.validate])];
  const faults = [
    ...findMissingTrainer(resolved),
    ...sections.flatMap((section) => checkComponents(section, file)),
    ...sections.flatMap((section) => findMissingUserCode(source.mmarRoot, userComponentsOf(section), file)),
  ];
  // A ref puts the same component into both sections: what is wrong with it is said once.
  const distinct = [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
  return { faults: distinct, warnings: findUnusedSlots(resolved), resolved };
}
