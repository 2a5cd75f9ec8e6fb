import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../common/fault.ts';
import { parseSetArguments } from '../../../common/mmar/set-arguments.ts';
import { findUnusedSettings, readRunSettings } from '../../../main/automl/run-settings.ts';

const settings = (...words: string[]) => unwrap(parseSetArguments(words));

describe('the settings of a run', () => {
  it.each(['journal.jsonl', 'run.lock', 'leaderboard.json', 'best'])(
    'keep the trace out of the file %s, which the run writes itself',
    (name) => {
      expect(() => readRunSettings(settings(`engTrace=${name}`))).toThrow(/engTrace=.* does not fit/);
    },
  );

  it('take another name for the trace', () => {
    expect(readRunSettings(settings('engTrace=trace.log')).traceFile).toBe('trace.log');
    expect(readRunSettings(settings('engTrace=mine.log')).traceFile).toBe('mine.log');
  });

  it('come from --set, then from the config, then from the program', () => {
    const engine = { workers: '0:1', maxJobRunTime: 60, maxSysRunTime: 600 };
    expect(readRunSettings(settings()).workers).toBe('0');
    expect(readRunSettings(settings(), engine)).toMatchObject({
      workers: '0:1',
      limits: { maxJobRunTime: 60, maxSysRunTime: 600 },
    });
    const said = settings('workers=cpu', 'max_job_run_time=5', 'max_sys_run_time=none');
    expect(readRunSettings(said, engine)).toMatchObject({
      workers: 'cpu',
      limits: { maxJobRunTime: 5, maxSysRunTime: undefined },
    });
    expect(() => readRunSettings(settings('max_job_run_time=never'), engine)).toThrow(/does not fit/);
  });

  it('that nothing reads are said', () => {
    const used = settings('run_id=a', 'workers=0:0', 'trainconf=b.json', 'rounds=3', 'max_job_run_time=5');
    expect(findUnusedSettings(used, '{"max_rounds": "{rounds}"}')).toEqual([]);
    expect(findUnusedSettings(settings('epochs=2'), '{}')).toMatchObject([
      { code: 'usage', argument: 'epochs', message: expect.stringContaining('changes nothing') as string },
    ]);
  });
});
