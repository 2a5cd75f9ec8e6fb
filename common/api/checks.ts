import { z } from 'zod';
import type { Fault } from '../fault.ts';
import { query } from '../rpc/contract.ts';
import { mmarId } from './ids.ts';

const faults = z.array(z.custom<Fault>());

/** Looks for everything that is wrong with an MMAR as it is saved. */
export const checksApi = {
  /** Configs, user code, data list, images, labels and sizes; with a config_automl.json also the search and its jobs. */
  mmar: query(z.object({ mmar: mmarId }), z.object({ faults, warnings: faults })),
} as const;
