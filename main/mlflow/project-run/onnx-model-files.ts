import { PINNED_MLFLOW } from '../store/schema.ts';
import type { ModelSignature, TensorSpec } from './onnx-signature.ts';

/** A model.onnx to be described as MLflow's onnx flavour does. */
export interface OnnxModel {
  readonly modelId: string;
  readonly runId: string;
  /** Where its files are, as MLflow names it. */
  readonly artifactUri: string;
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** What it takes and gives, where its file says so. */
  readonly signature?: ModelSignature | undefined;
}

/** Python packages that MLflow needs to load the model; any recent version does. */
const REQUIREMENTS = ['mlflow', 'onnx', 'onnxruntime', 'numpy'];
const PYTHON = '3.11';

/**
 * The files beside a model.onnx that make it a model of MLflow (`mlflow.onnx.load_model`, `mlflow.pyfunc.load_model`), by
 * name: MLmodel, requirements.txt, conda.yaml, python_env.yaml. The same model has always the same.
 */
export function describeOnnxModel(model: OnnxModel): Readonly<Record<string, string>> {
  return {
    MLmodel: describeFlavours(model),
    'requirements.txt': `${REQUIREMENTS.join('\n')}\n`,
    'conda.yaml': [
      'channels:',
      '- conda-forge',
      'dependencies:',
      `- python=${PYTHON}`,
      '- pip',
      '- pip:',
      ...REQUIREMENTS.map((name) => `  - ${name}`),
      'name: mlflow-env',
      '',
    ].join('\n'),
    'python_env.yaml': [
      `python: '${PYTHON}'`,
      'build_dependencies:',
      '- pip',
      '- setuptools',
      '- wheel',
      'dependencies:',
      '- -r requirements.txt',
      '',
    ].join('\n'),
  };
}

function describeFlavours(model: OnnxModel): string {
  const { modelId, runId, artifactUri, sizeBytes, createdAt, signature } = model;
  return [
    `artifact_path: ${artifactUri}`,
    'flavors:',
    '  onnx:',
    '    code: null',
    '    data: model.onnx',
    '    onnx_session_options: null',
    '    onnx_version: 1.17.0',
    '    providers:',
    '    - CUDAExecutionProvider',
    '    - CPUExecutionProvider',
    '  python_function:',
    '    code: null',
    '    data: model.onnx',
    '    env:',
    '      conda: conda.yaml',
    '      virtualenv: python_env.yaml',
    '    loader_module: mlflow.onnx',
    `    python_version: '${PYTHON}'`,
    `mlflow_version: ${PINNED_MLFLOW}`,
    `model_id: ${modelId}`,
    `model_size_bytes: ${sizeBytes}`,
    `model_uuid: ${modelId}`,
    `run_id: ${runId}`,
    ...(signature === undefined ? [] : describeSignature(signature)),
    `utc_time_created: '${new Date(createdAt).toISOString().replace('T', ' ').replace('Z', '')}'`,
    '',
  ].join('\n');
}

function describeSignature({ inputs, outputs }: ModelSignature): readonly string[] {
  return [
    'signature:',
    `  inputs: ${quoteSpecs(inputs)}`,
    `  outputs: ${quoteSpecs(outputs)}`,
    '  params: null',
  ];
}

/** A list of tensors as MLflow has it: JSON, in a text of YAML. */
function quoteSpecs(specs: readonly TensorSpec[]): string {
  const json = specs.map(({ name, dtype, shape }) => ({
    name,
    type: 'tensor',
    'tensor-spec': { dtype, shape },
  }));
  return `'${JSON.stringify(json).replaceAll("'", "''")}'`;
}
