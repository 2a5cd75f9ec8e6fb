import { describe, expect, it } from 'vitest';
import { Context } from '../../../main/engine/context.ts';

describe('a context', () => {
  it("sees its parent's properties, and keeps its own to itself", () => {
    const parent = new Context();
    const child = new Context(parent);
    parent.setProp('_searchSpace', 'space');
    parent.setProp('_score', 1);
    child.setProp('_score', 2);
    expect(child.getProp('_searchSpace')).toBe('space');
    expect([parent.getProp('_score'), child.getProp('_score')]).toEqual([1, 2]);
    expect(child.getProp('_jobName')).toBeUndefined();
    expect(child.getProp('_jobName', 'none')).toBe('none');
    expect(child.snapshot()).toEqual({ _searchSpace: 'space', _score: 2 });
  });

  it('passes requests, failures and traces on to the run, the first stop alone', () => {
    const heard: unknown[] = [];
    const parent = new Context({
      stopAsked: (...args) => heard.push(['stop', ...args]),
      traced: (...args) => heard.push(['trace', ...args]),
      failed: (...args) => heard.push(['failed', ...args]),
    });
    const child = new Context(parent);
    expect(child.stopWorkAsked()).toBe(false);
    child.trace('me', 'hello');
    child.trace('me', 'look', true);
    child.exceptionOccurred('me', 'oops');
    child.stopWork('me', 'enough');
    child.stopWork('you', 'more than enough');
    expect(heard).toEqual([
      ['trace', 'me', 'hello', false],
      ['trace', 'me', 'look', true],
      ['failed', 'me', 'oops'],
      ['stop', 'me', 'enough'],
    ]);
    expect([parent.stopWorkAsked(), child.getStopMessage()]).toEqual([true, 'enough']);
  });
});
