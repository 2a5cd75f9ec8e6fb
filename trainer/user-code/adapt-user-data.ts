import { FaultError } from '../../common/fault.ts';
import type { ComponentNode } from '../../common/mmar/resolved-config.ts';
import type { Item } from '../data/item.ts';
import type { Transform } from '../transforms/transform.ts';
import { guard, incomplete, requireMethods } from './guard-user-code.ts';

/** The cases of a data set of the user's own. */
export interface UserDataset {
  /** Those to work with, of the ones that the data list names; a fault when there are none. */
  cases(listed: readonly Item[]): readonly Item[];
  /** Whether it makes items of cases itself, before the first transform ({@link asCaseLoader}). */
  readonly hasLoad: boolean;
  /** Share of the cases that is kept in memory as they are before the first random transform. */
  readonly cacheRate: number;
}

/** Which cases make a batch, in a data loader of the user's own. */
export interface UserDataLoader {
  /**
   * @param epoch from 1
   * @returns a batch per entry: indices of cases, each at least once possible, also twice
   */
  plan(epoch: number, place: PlanPlace): readonly (readonly number[])[];
}

/** What a plan is made from. */
export interface PlanPlace {
  readonly caseCount: number;
  /** An integer in [0, 2^32): all random numbers have to follow from it and the epoch. */
  readonly seed: number;
}

/** `{cases?(listed), load?(case), cacheRate?}`, one of the methods at least */
export function asDataset(node: ComponentNode, object: object): UserDataset {
  const own = object as { cases?: unknown; load?: unknown; cacheRate?: unknown };
  const [hasCases, hasLoad] = [typeof own.cases === 'function', typeof own.load === 'function'];
  if (!hasCases && !hasLoad) throw incomplete(node, 'data set', 'cases() or load()');
  const { cacheRate = 0 } = own;
  if (typeof cacheRate !== 'number' || !(cacheRate >= 0 && cacheRate <= 1))
    throw wrongAnswer(node, 'cacheRate', 'a number from 0 to 1');
  const cases = object as { cases(listed: readonly Item[]): unknown };
  return {
    hasLoad,
    cacheRate,
    cases(listed) {
      const found = hasCases ? guard(node, 'cases', () => cases.cases(listed)) : listed;
      if (isItemList(found)) return found;
      throw wrongAnswer(node, 'cases', 'a list of cases, each an object of plain data, one at least');
    },
  };
}

/** The `load` of a data set as what comes before the first transform. */
export function asCaseLoader(node: ComponentNode, object: object): Transform {
  const own = requireMethods(node, object, 'data set', ['load']) as { load(item: Item): unknown };
  return {
    name: node.name,
    apply(item) {
      const loaded = guard(node, 'load', () => own.load(item));
      if (isItem(loaded)) return loaded;
      throw wrongAnswer(node, 'load', 'a case: an object');
    },
  };
}

/** `{plan(epoch, {caseCount, seed})}` */
export function asDataLoader(node: ComponentNode, object: object): UserDataLoader {
  const own = requireMethods(node, object, 'data loader', ['plan']) as UserDataLoader;
  return {
    plan(epoch, place) {
      const plan: unknown = guard(node, 'plan', () => own.plan(epoch, place));
      if (isPlan(plan, place.caseCount)) return plan;
      const most = place.caseCount - 1;
      throw wrongAnswer(node, 'plan', `a list of batches, each a list of whole numbers from 0 to ${most}`);
    },
  };
}

/** Data goes to other threads, so what cannot be copied there is no case. */
function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isItemList(value: unknown): value is readonly Item[] {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isItem)) return false;
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

function isPlan(plan: unknown, caseCount: number): plan is readonly (readonly number[])[] {
  const isIndex = (index: unknown): boolean =>
    Number.isInteger(index) && Number(index) >= 0 && Number(index) < caseCount;
  const isBatch = (batch: unknown): boolean =>
    Array.isArray(batch) && batch.length > 0 && batch.every(isIndex);
  return Array.isArray(plan) && plan.length > 0 && plan.every(isBatch);
}

function wrongAnswer(node: ComponentNode, member: string, allowed: string): FaultError {
  return new FaultError({
    code: 'user-code',
    message: `"${node.path}" gives something else in ${member} than it has to.`,
    component: node.name,
    allowed,
  });
}
