import { createHash } from 'node:crypto';
import { PINNED_MLFLOW } from '../store/schema.ts';

/** A model.onnx to be described as MLflow's onnx flavour does. */
export interface OnnxModel {
  readonly runId: string;
  /** Folder among the run's artifacts. */
  readonly folder: string;
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
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

function describeFlavours({ runId, folder, sizeBytes, createdAt }: OnnxModel): string {
  const uuid = createHash('sha256').update(`${runId}/${folder}`).digest('hex').slice(0, 32);
  return [
    `artifact_path: ${folder}`,
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
    `model_size_bytes: ${sizeBytes}`,
    `model_uuid: ${uuid}`,
    `run_id: ${runId}`,
    `utc_time_created: '${new Date(createdAt).toISOString().replace('T', ' ').replace('Z', '')}'`,
    '',
  ].join('\n');
}
