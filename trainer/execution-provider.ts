import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import ort from 'onnxruntime-node';
import { FaultError } from '../common/fault.ts';

/** What a graph can run on. */
export type ProviderName = 'cpu' | 'cuda' | 'webgpu' | 'coreml' | 'dml';

/** A chosen provider. `gpu` counts from 0 among the GPUs that this process may see. */
export interface Provider {
  readonly name: ProviderName;
  readonly gpu?: number;
}

const PROVIDER_NAMES: readonly ProviderName[] = ['cpu', 'cuda', 'webgpu', 'coreml', 'dml'];

/** Files that the CUDA provider needs beside ONNX Runtime's own; the package does not bring them. */
const CUDA_FILES = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'];

/** Providers whose files are on this machine. Whether there is a GPU for them shows when a session is made. */
export function availableProviders(): ProviderName[] {
  const backends = new Map(ort.listSupportedBackends().map(({ name, bundled }) => [name, bundled]));
  return PROVIDER_NAMES.filter((name) => {
    const bundled = backends.get(name);
    return bundled === true || (bundled === false && name === 'cuda' && missingCudaFiles().length === 0);
  });
}

/** What one provider is short of on this machine, for people. */
export interface ProviderReport {
  readonly name: ProviderName;
  readonly isAvailable: boolean;
  /** Empty for one that is available. */
  readonly lacks: readonly string[];
}

/** Every provider that this program knows, and what each lacks here, with the version of ONNX Runtime. */
export function describeProviders(): { readonly onnxruntime: string; readonly providers: ProviderReport[] } {
  const available = availableProviders();
  const providers = PROVIDER_NAMES.map((name) => ({
    name,
    isAvailable: available.includes(name),
    lacks: available.includes(name) ? [] : lacksOf(name),
  }));
  return { onnxruntime: ort.env.versions.common ?? 'unknown', providers };
}

function lacksOf(name: ProviderName): string[] {
  const system = `${process.platform} ${process.arch}`;
  if (name === 'coreml') return [`macOS (this is ${system})`];
  if (name === 'dml') return [`Windows with DirectX 12 (this is ${system})`];
  if (name === 'cuda' && process.platform === 'linux')
    return [...missingCudaFiles(), 'CUDA 12 and cuDNN 9 of the system, when these are there'];
  return [`a build of ONNX Runtime for ${system} that has it`];
}

/** The provider that was asked for; the CPU when none was. Throws a fault `unknown-device` when it is not there. */
export function chooseProvider(requested: Provider = { name: 'cpu' }): Provider {
  const available = availableProviders();
  if (available.includes(requested.name)) return requested;
  const missing =
    requested.name === 'cuda' && process.platform === 'linux'
      ? `; missing beside ONNX Runtime: ${missingCudaFiles().join(', ')}`
      : '';
  throw new FaultError({
    code: 'unknown-device',
    message: `the execution provider "${requested.name}" is not installed${missing}`,
    allowed: available.join(', '),
  });
}

/** The fault for a provider that is installed but finds no device or driver to run on; `reason` as ONNX Runtime says it. */
export function deviceFault({ name, gpu }: Provider, reason: string): FaultError {
  // ONNX Runtime puts "<source file>:<line> <function> <condition> was false." before what it has to say.
  const plainReason = reason.trim().replace(/^\/.* was false\. /s, '');
  return new FaultError({
    code: 'unknown-device',
    message: `no usable device for "${name}"${gpu === undefined ? '' : `, GPU ${gpu}`}: ${plainReason}`,
    allowed: availableProviders()
      .filter((other) => other !== name)
      .join(', '),
  });
}

function missingCudaFiles(): string[] {
  const packageFolder = dirname(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')));
  const folder = join(packageFolder, 'bin', 'napi-v6', process.platform, process.arch);
  return CUDA_FILES.filter((file) => !existsSync(join(folder, file)));
}
