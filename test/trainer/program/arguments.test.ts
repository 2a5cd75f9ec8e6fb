import { describe, expect, it } from 'vitest';
import { parseInvocation } from '../../../trainer/program/arguments.ts';

const parse = (...words: string[]) => parseInvocation(words);
const faultOf = (...words: string[]) => {
  const parsed = parse(...words);
  if (parsed.ok) throw new Error('nothing was refused');
  return parsed.faults[0];
};

describe('the command line', () => {
  it("takes the flags of Clara's train.sh", () => {
    const words =
      '-m /mmar -c config/my.json -e config/env.json -l log.config --write_train_stats --set print_conf=True epochs=3'.split(
        ' ',
      );
    expect(parse('train', ...words)).toEqual({
      ok: true,
      value: {
        command: 'train',
        mmarRoot: '/mmar',
        config: 'config/my.json',
        environment: 'config/env.json',
        logConfig: 'log.config',
        settings: { values: { print_conf: true, epochs: 3 }, texts: { print_conf: 'True', epochs: '3' } },
        trusted: false,
        writeTo: [],
        progress: undefined,
        resume: false,
        checkOnly: false,
      },
    });
  });

  it('has defaults for the files, by command', () => {
    expect(parse('train', '-m', 'x')).toMatchObject({
      value: { config: 'config/config_train.json', environment: 'config/environment.json' },
    });
    expect(parse('evaluate', '--mmar', 'x')).toMatchObject({
      value: { config: 'config/config_validation.json' },
    });
    expect(parse('export', '-m', 'x', '--input_shape', '[1, 1, 160,160,160]')).toMatchObject({
      value: {
        modelPath: 'models/model.pt',
        outputPath: 'models/model.onnx',
        inputShape: [1, 1, 160, 160, 160],
      },
    });
  });

  it('lets a later setting win, wherever it stands', () => {
    const parsed = parse('train', '--set', 'a=1', 'b=x=y', '-m', 'x', '--trust', '--set', 'a=2');
    expect(parsed).toMatchObject({ value: { trusted: true, settings: { values: { a: 2, b: 'x=y' } } } });
  });

  it('asks for help', () => {
    for (const words of [[], ['--help'], ['train', '-h']])
      expect(parse(...words)).toEqual({ ok: true, value: { command: 'help' } });
  });

  it.each([
    [['fly', '-m', 'x'], /no command "fly"/],
    [['train'], /The MMAR is missing/],
    [['train', '-m', 'x', 'epochs'], /"epochs" belongs to no option/],
    [['train', '-m', 'x', '--fast'], /Unknown option '--fast'/],
    [['train', '-m', 'x', '--set', '=3'], /has no name/],
    [['train', '-m', 'x', '--set', 'epochs'], /has no value/],
    [['train', '-m', 'x', '--progress', 'loud'], /no progress "loud"/],
    [['export', '-m', 'x', '--input_shape', '[1, 0, x]'], /is no shape/],
  ])('refuses %j', (words, message) => {
    expect(faultOf(...words)).toMatchObject({ code: 'usage', message });
  });
});
