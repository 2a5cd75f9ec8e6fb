import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { FaultError, unwrap } from '../../../common/fault.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../common/json.ts';
import { parseJsonText } from '../../../common/mmar/parse-json.ts';
import { parseSearchSpace } from '../../../common/search-space/search-space-schema.ts';
import type { SearchSpace } from '../../../common/search-space/search-space.ts';
import { createController } from '../../controllers/registry.ts';
import { withFileFaults } from '../../node/file-fault.ts';
import { StdioSession } from '../../controllers/stdio-session.ts';
import type { Output } from '../output.ts';

interface ControllerOptions {
  readonly searchSpace: string;
  readonly seed: string;
  readonly workers: string;
  readonly args: string;
}

/** `outerloop controller`: a search algorithm alone, driven by lines of JSON (docs/controller-protocol.md). */
export function addControllerCommand(program: Command, output: Output): void {
  program
    .command('controller')
    .description('a search algorithm alone: ask and tell as JSON lines on stdin and stdout')
    .argument('<name>', 'ReinforcementController, RandomController, GridController')
    .requiredOption('--search-space <file>', 'what "outerloop search-space --json" prints')
    .option('--seed <number>', 'the same seed and answers give the same points', '0')
    .option('--workers <number>', 'how many jobs will run at a time', '1')
    .option('--args <json>', 'arguments of the controller, as in config_automl.json', '{}')
    .option('--stdio', 'talk over stdin and stdout (the only way there is)')
    .action(async (name: string, options: ControllerOptions) => {
      const controller = unwrap(createController(name, readArguments(options.args)));
      const seed = readCount('--seed', options.seed, 0);
      const space = await readSpace(options.searchSpace);
      const numWorkers = readCount('--workers', options.workers, 1);
      const session = new StdioSession(controller, { space, seed, numWorkers });
      output.line(JSON.stringify(await session.start(name, seed)));
      for await (const line of createInterface({ input: process.stdin })) {
        if (line.trim() === '') continue;
        output.line(JSON.stringify(await session.answer(line)));
        if (session.hasEnded) break;
      }
    });
}

function readArguments(text: string): JsonObject {
  const args: Json = unwrap(parseJsonText(text, '--args'));
  if (isJsonObject(args)) return args;
  throw new FaultError({
    code: 'usage',
    message: '--args is no JSON object.',
    allowed: '{"max_rounds": 20}',
  });
}

function readCount(option: string, text: string, lowest: number): number {
  const count = Number(text);
  if (/^\d{1,10}$/.test(text) && count >= lowest) return count;
  throw new FaultError({
    code: 'usage',
    message: `${option} ${text} is no such number.`,
    allowed: `a whole number from ${lowest}`,
  });
}

async function readSpace(path: string): Promise<SearchSpace> {
  const file = basename(path);
  const text = await withFileFaults(file, () => readFile(path, 'utf8'));
  return unwrap(parseSearchSpace(unwrap(parseJsonText(text, file)), file));
}
