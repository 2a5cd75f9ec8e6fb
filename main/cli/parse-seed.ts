import { FaultError } from '../../common/fault.ts';

/** The number after `--seed`. @throws FaultError `usage` */
export function parseSeed(text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new FaultError({
    code: 'usage',
    argument: '--seed',
    message: `--seed ${text} is no seed.`,
    allowed: 'a whole number from 0, of at most ten digits',
  });
}
