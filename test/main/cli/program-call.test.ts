import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { programCall } from '../../../main/cli/program-call.ts';

it('names the program from where the user is', () => {
  const root = resolve(import.meta.dirname, '../../..');
  expect(programCall(root)).toBe('./bin/outerloop');
  expect(programCall(resolve(root, '..'))).toBe(`./${join(root.split('/').at(-1)!, 'bin/outerloop')}`);
  expect(programCall('/')).toBe(`.${join(root, 'bin/outerloop')}`);
  expect(programCall(join(root, 'docs'))).toBe(join(root, 'bin/outerloop'));
});
