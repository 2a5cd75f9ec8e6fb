import { succeed, type Result } from '../fault.ts';
import type { JsonObject } from '../json.ts';
import { findPatients, type PatientRule } from '../mmar/patient-rule.ts';
import { splitCases } from '../mmar/split-cases.ts';
import { arrangeCases } from './data-list-edit.ts';
import { setValue, type EditedText } from './edit-json.ts';
import { findNode } from './find-node.ts';
import { valueOf } from './json-tree.ts';
import type { CaseRef, ListedCase, ListedSection } from './outline-data-list.ts';
import type { TextEdit } from './text-edit.ts';

/** How a list is split. */
export interface SplitRequest {
  /** Share of the cases for validation, between 0 and 1. */
  readonly validation: number;
  /** Share for a test that no search sees; with 0 the test section stays as it is. */
  readonly test: number;
  readonly seed: number;
  /** Cases of one patient stay together; each by itself when left out. */
  readonly patients?: PatientRule;
}

/** The keys of the sections that a split fills. */
export interface SplitKeys {
  readonly training: string;
  readonly validation: string;
  readonly test: string;
}

/** What a split would put where. */
export interface PlannedSplit {
  /** By key: the cases of each section that changes. */
  readonly sections: Readonly<Record<string, readonly CaseRef[]>>;
  readonly counts: { readonly training: number; readonly validation: number; readonly test: number };
  /** How many there are, where a rule tells. */
  readonly patients: number | undefined;
}

/**
 * Splits the labelled cases of training and validation anew; with a share for a test also those of the test. Cases without
 * label stay where they are: nothing can be trained or measured on them.
 *
 * Fails as findPatients does.
 */
export function planSplit(
  sections: readonly ListedSection[],
  keys: SplitKeys,
  { validation, test, seed, patients: rule }: SplitRequest,
): Result<PlannedSplit> {
  const names = test > 0 ? [keys.training, keys.validation, keys.test] : [keys.training, keys.validation];
  const found = [...new Set(names)].flatMap(
    (key) => sections.find((section) => section.key === key)?.cases ?? [],
  );
  const pool = found.filter(isLabelled);
  const owners = rule === undefined ? undefined : findPatients(pool, rule);
  if (owners?.ok === false) return owners;
  const ownerOf = new Map(pool.map((item, index) => [item, owners?.value[index] ?? '']));
  const groupOf = owners === undefined ? undefined : (item: ListedCase): string => ownerOf.get(item)!;
  const split = splitCases(pool, { validation, test }, seed, groupOf);
  const kept = (key: string): readonly ListedCase[] =>
    found.filter((item) => item.key === key && !isLabelled(item));
  const arranged = {
    [keys.training]: [...kept(keys.training), ...split.training],
    [keys.validation]: [...kept(keys.validation), ...split.validation],
    ...(test > 0 ? { [keys.test]: [...kept(keys.test), ...split.test] } : {}),
  };
  return succeed({
    sections: arranged,
    counts: {
      training: split.training.length,
      validation: split.validation.length,
      test: split.test.length,
    },
    patients: owners === undefined ? undefined : new Set(owners.value).size,
  });
}

const isLabelled = ({ fields }: ListedCase): boolean => fields.label !== undefined;

/** Writes a split into its list, and how it was drawn, so that it can be drawn again. */
export function writeSplit(
  edited: EditedText,
  { sections }: PlannedSplit,
  { validation, test, seed, patients }: SplitRequest,
): readonly TextEdit[] {
  const before = findNode(edited.tree, ['split']);
  const known = before?.kind === 'object' ? (valueOf(before) as JsonObject) : {};
  const others = Object.fromEntries(Object.entries(known).filter(([name]) => name !== 'patients'));
  const record: JsonObject = {
    ...others,
    seed,
    validation,
    test,
    ...(patients === undefined ? {} : { patients: { ...patients } }),
  };
  return [...arrangeCases(edited, sections), ...setValue(edited, ['split'], record)];
}
