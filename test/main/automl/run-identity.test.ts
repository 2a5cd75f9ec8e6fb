import { describe, expect, it } from 'vitest';
import type { RunIdentity } from '../../../common/run/journal-event.ts';
import { refuseChangedCode, refuseChangedRun } from '../../../main/automl/run-identity.ts';

const made: RunIdentity = {
  runId: 'a',
  seed: 3,
  numWorkers: 1,
  controller: 'RandomController',
  executor: 'MMARExecutor',
  handlers: [],
  digests: { config_train: 't', controller: 'c', custom: '1', commands: '2', otherCode: '3' },
  trusted: true,
};
const withDigests = (digests: RunIdentity['digests']): RunIdentity => ({
  ...made,
  digests: { config_train: 't', controller: 'c', ...digests },
});
const code = { files: [], own: [], customDigest: 'another' };

describe('a run that is resumed', () => {
  it('is refused with other code than it was made with', () => {
    const now = withDigests({ custom: '1', commands: 'x', otherCode: 'y' });
    expect(() => refuseChangedRun(made, now)).toThrow(
      'made with something else: the scripts in commands/, code in other folders of the MMAR.',
    );
    expect(() => refuseChangedCode(made, code)).toThrow('made with something else: the code in custom/');
  });

  it('may get code that it was made without', () => {
    const before = { ...withDigests({}), trusted: false };
    refuseChangedRun(before, made);
    refuseChangedCode(before, code);
  });

  it('goes on where an earlier version wrote its digests, which are made in another way', () => {
    const before = withDigests({ custom: 'as it was', commands: 'as it was' });
    refuseChangedRun(before, made);
    refuseChangedCode(before, code);
    expect(() => refuseChangedRun(before, { ...made, seed: 4 })).toThrow('the seed (it was 3)');
  });
});
