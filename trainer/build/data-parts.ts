import type { SectionName } from '../../common/mmar/resolved-config.ts';
import type { Item } from '../data/item.ts';
import type { DataLoader } from '../datasets/batch.ts';
import type { Slot } from './slots.ts';

/** Cases of each section on their way in, and predictions on their way out. */
export interface DataParts {
  readonly loaderOf: (slot: Slot) => DataLoader;
  readonly postprocessOf: (slot: Slot) => (items: readonly Item[]) => readonly Item[];
  /** What a report calls a case of a section: its file, from the data root on. */
  readonly caseNamer: (section: SectionName) => (item: Item) => string;
}
