import { api } from './common/api/index.ts';
import { describeContract } from './common/rpc/describe-contract.ts';

/** For `define`: what common/api/contract.ts would find out at every start. */
export const contractDefinition = { OUTERLOOP_CONTRACT: JSON.stringify(describeContract(api)) } as const;
