import { FaultError } from '../../common/fault.ts';
import {
  availableProviders,
  chooseProvider,
  type Provider,
  type ProviderName,
} from '../execution-provider.ts';

/** The part of the environment that says what to compute on. */
export interface DeviceSettings {
  /** Name of a provider, whatever the config says. */
  readonly OUTERLOOP_PROVIDER?: string | undefined;
  /** The GPUs that this process may see, as whoever started it has set it; empty for none. */
  readonly CUDA_VISIBLE_DEVICES?: string | undefined;
}

/**
 * What to compute on: the provider that `OUTERLOOP_PROVIDER` names; else CUDA, where it is installed, the config wants a
 * GPU (`use_gpu`) and the process may see one; else the CPU.
 *
 * @throws FaultError (code `unknown-device`) for a provider that is not there
 */
export function selectProvider(settings: DeviceSettings, useGpu: boolean): Provider {
  const { OUTERLOOP_PROVIDER: wanted, CUDA_VISIBLE_DEVICES: devices } = settings;
  if (wanted !== undefined && wanted !== '') return chooseProvider(namedProvider(wanted));
  const mayUseGpu = useGpu && devices !== '' && availableProviders().includes('cuda');
  return chooseProvider(mayUseGpu ? { name: 'cuda', gpu: 0 } : { name: 'cpu' });
}

function namedProvider(name: string): Provider {
  const available = availableProviders();
  if ((available as readonly string[]).includes(name) || name === 'cuda')
    return { name: name as ProviderName };
  throw new FaultError({
    code: 'unknown-device',
    message: `There is no provider "${name}".`,
    argument: 'OUTERLOOP_PROVIDER',
    allowed: available.join(', '),
  });
}
