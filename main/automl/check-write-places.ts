import { FaultError } from '../../common/fault.ts';
import type { ResolvedAutomlConfig } from '../../common/mmar/config-automl.ts';
import { checkSearchPlaces } from '../mmar/check/check-write-places.ts';
import type { RunRequest } from './run-request.ts';

/**
 * Makes sure that the search writes into its MMAR, or where the user has allowed it to: its config may be somebody else's.
 *
 * @param config as it stands in the file, without what the program adds
 * @throws FaultError `path-not-allowed`
 */
export async function requireWritePlaces(
  { mmarRoot, writeTo = [] }: Pick<RunRequest, 'mmarRoot' | 'writeTo'>,
  config: ResolvedAutomlConfig,
): Promise<void> {
  const faults = await checkSearchPlaces(config, { mmarRoot, writeTo });
  if (faults.length > 0) throw new FaultError(...faults);
}
