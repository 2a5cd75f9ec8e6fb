import { describeContract } from '../rpc/describe-contract.ts';
import { api } from './index.ts';

declare global {
  /** Put in by the builds: see vite.contract.ts. */
  var OUTERLOOP_CONTRACT: string | undefined;
}

let found: string | undefined;

/** What window and main compare when they meet: {@link describeContract} of the whole program, found out once. */
export const ownContract = (): string =>
  (found ??= typeof OUTERLOOP_CONTRACT === 'string' ? OUTERLOOP_CONTRACT : describeContract(api));
