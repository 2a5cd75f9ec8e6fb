import type { Fault } from '../fault.ts';
import { KIND_OF_SLOT } from './check-components.ts';
import { suggestNames } from './nearest-names.ts';
import { referencesOf } from './references.ts';
import type { ResolvedTrainConfig, SectionName } from './resolved-config.ts';

/** A train section has to say who trains. */
export function findMissingTrainer({ train, file }: ResolvedTrainConfig): readonly Fault[] {
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
export function findUnusedSlots(config: ResolvedTrainConfig): readonly Fault[] {
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
