import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Fault } from '../../../common/fault.ts';
import { componentsOf, type ResolvedTrainConfig } from '../../../common/mmar/resolved-config.ts';
import { nameInMmar } from './mmar-place.ts';

/** Faults for checkpoints that a CheckpointLoader is to load and that are not there. */
export function checkPretrained(config: ResolvedTrainConfig, mmarRoot: string): readonly Fault[] {
  const handlers = [...componentsOf(config.train, 'handlers'), ...componentsOf(config.validate, 'handlers')];
  return handlers.flatMap(({ name, path, args, at }) => {
    if (name !== 'CheckpointLoader' || path !== undefined || typeof args.load_path !== 'string') return [];
    const file = resolve(mmarRoot, args.load_path);
    if (existsSync(file)) return [];
    return [
      {
        code: 'file-missing' as const,
        file: config.file,
        path: [...at, 'args', 'load_path'],
        component: name,
        argument: 'load_path',
        message: `The checkpoint "${nameInMmar(mmarRoot, file)}" is not there.`,
        allowed: 'an existing checkpoint, or "disabled": true',
      },
    ];
  });
}
