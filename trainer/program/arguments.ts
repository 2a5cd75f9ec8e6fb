import { parseArgs } from 'node:util';
import { fail, succeed, type Result } from '../../common/fault.ts';
import { parseSetArguments, type SetArguments } from '../../common/mmar/set-arguments.ts';

/** What all commands need to know. Paths are relative to the MMAR. */
export interface ProgramOptions {
  readonly mmarRoot: string;
  readonly config: string;
  readonly environment: string;
  readonly logConfig?: string;
  readonly settings: SetArguments;
  readonly trusted: boolean;
  /** Digest of the code in custom/ that is trusted; whatever is there when left out. */
  readonly codeDigest?: string;
  /** Folders outside the MMAR that may be written to. */
  readonly writeTo: readonly string[];
  /** Undefined when the command line does not say. */
  readonly progress: 'text' | 'json' | undefined;
}

export interface TrainOptions extends ProgramOptions {
  readonly command: 'train';
  readonly resume: boolean;
  readonly checkOnly: boolean;
}

export interface EvaluateOptions extends ProgramOptions {
  readonly command: 'evaluate';
}

export interface ExportOptions extends ProgramOptions {
  readonly command: 'export';
  readonly modelPath: string;
  readonly outputPath: string;
  /** (batch, channel, ...spatial); default the window of the config's validation. */
  readonly inputShape?: readonly number[];
}

export type Invocation = TrainOptions | EvaluateOptions | ExportOptions | { readonly command: 'help' };

const COMMANDS = ['train', 'evaluate', 'export'] as const;

const DESCRIPTIONS = {
  train: 'train with a config_train.json',
  evaluate: 'measure or segment with a config_validation.json or config_inference.json',
  export: 'write a model.onnx from a checkpoint',
} as const;

const SHARED_OPTIONS = `options (paths are relative to the MMAR)
  -m, --mmar FOLDER           the MMAR
  -c, --train_config FILE     the config [config/config_train.json; evaluate: config/config_validation.json]
  -e, --env FILE              its environment [config/environment.json]
  -l, --log_config FILE       form of the log lines, such as resources/log.config
  --set NAME=VALUE ...        variables that win over the config and the environment
  --trust                     run the code in the MMAR's custom/
  --code_digest SHA256        with --trust: only this code, as the log of an earlier training names it
  --write_to FOLDER           outside the MMAR, where its configs may write too; may be given several times
  --progress text|json        log lines, or one JSON message per line [text]
  --write_train_stats         accepted: models/train_stats.json is always written
`;

const OWN_OPTIONS = {
  train: `  --resume                    go on from the checkpoint of an interrupted training, where there is one
  --check                     build everything, try one step and one validation window, and stop
  --mlflow                    show the training in MLflow
`,
  evaluate: '',
  export: `  --model_path FILE           the checkpoint [models/model.pt]
  --output_path FILE          what to write [models/model.onnx]
  --input_shape "[1, 1, 96, 96, 96]"
                              (batch, channel, x, y, z) [the window of the config's validation]
`,
} as const;

/** What the command line may say: for one command, or for all where none was recognised. */
export function describeUsage(command?: keyof typeof DESCRIPTIONS): string {
  const listed = COMMANDS.map((name) => `  ${name.padEnd(10)} ${DESCRIPTIONS[name]}\n`).join('');
  const own = command === undefined ? '' : OWN_OPTIONS[command];
  const head =
    command === undefined
      ? `usage: outerloop <command> -m MMAR [options]\n\ncommands; each has a --help of its own\n${listed}`
      : `usage: outerloop ${command} -m MMAR [options]\n\n${DESCRIPTIONS[command]}\n`;
  return `${head}\n${SHARED_OPTIONS}${own}\nexit codes: 0 completed, 1 failed, 2 wrong usage, 3 aborted, 4 diverged\n`;
}

/** {@link describeUsage} of the command that the words begin with. */
export function usageFor(words: readonly string[]): string {
  return describeUsage(COMMANDS.find((name) => name === words[0]));
}

const DEFAULT_CONFIG = {
  train: 'config/config_train.json',
  evaluate: 'config/config_validation.json',
  export: 'config/config_train.json',
} as const;

/** The command line, with the flags of Clara's medl.apps. Faults have the code `usage`. */
export function parseInvocation(words: readonly string[]): Result<Invocation> {
  const parsed = tokenize(words);
  if (!parsed.ok) return parsed;
  const { values, positionals, settingWords } = parsed.value;
  if (values.help === true || words.length === 0) return succeed({ command: 'help' });
  const command = COMMANDS.find((name) => name === positionals[0]);
  if (command === undefined) {
    const given =
      positionals[0] === undefined ? 'The command is missing.' : `There is no command "${positionals[0]}".`;
    return usage(given, COMMANDS.join(', '));
  }
  if (typeof values.mmar !== 'string') return usage('The MMAR is missing.', '-m FOLDER');
  if (positionals.length > 1)
    return usage(`"${positionals[1]}" belongs to no option.`, 'name=value after --set');
  const settings = parseSetArguments(settingWords);
  if (!settings.ok) return settings;
  const { progress } = values;
  if (progress !== undefined && progress !== 'text' && progress !== 'json')
    return usage(`There is no progress "${progress}".`, 'text, json');
  const shared: ProgramOptions = {
    mmarRoot: values.mmar,
    config: values.train_config ?? DEFAULT_CONFIG[command],
    environment: values.env ?? 'config/environment.json',
    ...(values.log_config !== undefined && { logConfig: values.log_config }),
    settings: settings.value,
    trusted: values.trust === true,
    ...(values.code_digest !== undefined && { codeDigest: values.code_digest }),
    writeTo: values.write_to ?? [],
    progress,
  };
  if (command === 'train') {
    return succeed({ ...shared, command, resume: values.resume === true, checkOnly: values.check === true });
  }
  if (command === 'evaluate') return succeed({ ...shared, command });
  return parseExport(shared, values);
}

const options = {
  mmar: { type: 'string', short: 'm' },
  train_config: { type: 'string', short: 'c' },
  env: { type: 'string', short: 'e' },
  log_config: { type: 'string', short: 'l' },
  set: { type: 'string', multiple: true },
  write_train_stats: { type: 'boolean' },
  trust: { type: 'boolean' },
  code_digest: { type: 'string' },
  write_to: { type: 'string', multiple: true },
  resume: { type: 'boolean' },
  check: { type: 'boolean' },
  progress: { type: 'string' },
  model_path: { type: 'string' },
  output_path: { type: 'string' },
  input_shape: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values'];

interface Words {
  readonly values: Values;
  readonly positionals: readonly string[];
  /** All `name=value`, in the order in which they stand: a later one wins. */
  readonly settingWords: readonly string[];
}

function tokenize(words: readonly string[]): Result<Words> {
  try {
    const { values, positionals, tokens } = parseArgs({
      args: [...words],
      options,
      allowPositionals: true,
      tokens: true,
    });
    const isSetting = (word: string): boolean => word.includes('=');
    const settingWords = tokens.flatMap((token) => {
      if (token.kind === 'option' && token.name === 'set') return [token.value!];
      return token.kind === 'positional' && isSetting(token.value) ? [token.value] : [];
    });
    return succeed({ values, positionals: positionals.filter((word) => !isSetting(word)), settingWords });
  } catch (error) {
    return usage((error as Error).message.split('. To specify')[0] + '.', 'see --help');
  }
}

function parseExport(shared: ProgramOptions, values: Values): Result<ExportOptions> {
  const { model_path: modelPath = 'models/model.pt', output_path: outputPath = 'models/model.onnx' } = values;
  const found = { ...shared, command: 'export' as const, modelPath, outputPath };
  if (values.input_shape === undefined) return succeed(found);
  const sizes = values.input_shape
    .replace(/^\s*\[|\]\s*$/g, '')
    .split(',')
    .map(Number);
  const isShape = sizes.length >= 3 && sizes.every((size) => Number.isInteger(size) && size > 0);
  if (!isShape) return usage(`"${values.input_shape}" is no shape.`, '"[batch, channel, x, y, z]"');
  return succeed({ ...found, inputShape: sizes });
}

const usage = (message: string, allowed: string): Result<never> => fail({ code: 'usage', message, allowed });
