import type { Fault } from '../../../common/fault.ts';
import { checkComponents, KIND_OF_SLOT } from '../../../common/mmar/check-components.ts';
import type { ConfigSource } from '../../../common/mmar/config-source.ts';
import { suggestNames } from '../../../common/mmar/nearest-names.ts';
import { referencesOf } from '../../../common/mmar/references.ts';
import type { ResolvedTrainConfig, SectionName } from '../../../common/mmar/resolved-config.ts';
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

function findMissingTrainer({ train, file }: ResolvedTrainConfig): readonly Fault[] {
  if (Object.hasOwn(train, 'trainer')) return [];
  return [
    {
      code: 'schema',
      file,
      path: ['train', 'trainer'],
      message: 'The train section has no enabled "trainer".',
      allowed: '{"name": "SupervisedTrainer", ...}',
    },
  ];
}

/** Slots that no section has and no reference names, such as a misspelt `pre_transform`: nothing uses them. */
function findUnusedSlots(config: ResolvedTrainConfig): readonly Fault[] {
  const known = Object.keys(KIND_OF_SLOT);
  const sections: readonly SectionName[] = ['train', 'validate'];
  const components = sections.flatMap((section) => Object.values(config[section] ?? {}).flat());
  const used = new Set([...known, ...components.flatMap(referencesOf).map(({ name }) => name)]);
  return sections.flatMap((section) =>
    Object.keys(config[section] ?? {})
      .filter((slot) => !used.has(slot))
      .map((slot) => ({
        code: 'schema',
        file: config.file,
        path: [section, slot],
        message: `"${slot}" is no part of a ${section} section and is not used.${suggestNames(slot, known)}`,
        allowed: known.join(', '),
      })),
  );
}
