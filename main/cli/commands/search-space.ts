import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { FaultError } from '../../../common/fault.ts';
import type { Output } from '../output.ts';

interface SearchSpaceOptions {
  readonly mmar: string;
  readonly config: string;
  readonly json?: boolean;
  readonly strict?: boolean;
}
