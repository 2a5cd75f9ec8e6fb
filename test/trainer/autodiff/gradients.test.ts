import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GRADIENT_RULES } from '../../../trainer/autodiff/gradient-list.ts';
import { NON_DIFFERENTIABLE } from '../../../trainer/autodiff/non-differentiable.ts';
import { elementwiseCases } from './cases/elementwise.ts';
import { imageCases } from './cases/images.ts';
import { reductionCases } from './cases/reductions.ts';
import { shapeCases } from './cases/shapes.ts';
import { checkGradients } from './check-gradients.ts';

const folder = new URL('../../../trainer/autodiff/gradients/', import.meta.url);
const cases = [...elementwiseCases, ...shapeCases, ...reductionCases, ...imageCases];

describe('the list of gradients', () => {
  it('names every file of the folder, by its operation', () => {
    const fileOf = (opType: string): string => `${opType.replace(/(?!^)(?=[A-Z])/g, '-').toLowerCase()}.ts`;
    const listed = GRADIENT_RULES.map(({ opType }) => fileOf(opType));
    expect(listed.toSorted()).toEqual(readdirSync(folder).toSorted());
  });

  it('has a formula in every file', () => {
    for (const file of readdirSync(folder))
      expect(readFileSync(new URL(file, folder), 'utf8'), file).toMatch(
        /\/\*\*[\s\S]*`[\s\S]*\*\/\nexport const \w+Gradient/,
      );
  });

  it('has a case for every rule', () => {
    const covered = new Set(cases.map(({ opType }) => opType));
    expect(GRADIENT_RULES.map(({ opType }) => opType).filter((opType) => !covered.has(opType))).toEqual([]);
  });

  it('does not give a gradient to what has none', () => {
    expect(GRADIENT_RULES.filter(({ opType }) => NON_DIFFERENTIABLE.has(opType))).toEqual([]);
  });
});

describe('gradients agree with finite differences', () => {
  for (const gradientCase of cases)
    it(`${gradientCase.opType}: ${gradientCase.title}`, async () => {
      const graph = await checkGradients(gradientCase);
      expect(graph.nodes.map(({ opType }) => opType)).toContain(gradientCase.opType);
    });
});
