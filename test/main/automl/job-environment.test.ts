import { describe, expect, it } from 'vitest';
import { makeJobEnvironment } from '../../../main/automl/job-environment.ts';

const make = (
  environment: Parameters<typeof makeJobEnvironment>[0],
  jobRoot = '/mmars/spleen/automl/a/W1_1_J1',
) => makeJobEnvironment(environment, '/mmars/spleen', jobRoot);

describe("a job's environment", () => {
  it('leads relative data paths back to where they led', () => {
    expect(
      make({ DATA_ROOT: '../data', DATASET_JSON: 'data/dataset.json', PRETRAIN_WEIGHTS_FILE: 'w.pt' }),
    ).toEqual({
      DATA_ROOT: '../../../../data',
      DATASET_JSON: '../../../data/dataset.json',
      PRETRAIN_WEIGHTS_FILE: '../../../w.pt',
    });
    expect(make({ DATA_ROOT: '.' }, '/scratch/a/W1_1_J1')).toEqual({ DATA_ROOT: '../../../mmars/spleen' });
  });

  it('leaves absolute paths, variables, other values and folders of the MMAR itself', () => {
    const environment = {
      DATA_ROOT: '/data',
      DATASET_JSON: '{DATA_ROOT}/dataset.json',
      PROCESSING_TASK: 'segmentation',
      MMAR_CKPT_DIR: 'models',
      INPUT_CHANNELS: 1,
      PIXDIM: [1, 1, 1],
    };
    expect(make(environment)).toEqual(environment);
  });

  it("makes absolute paths into the MMAR the job's own", () => {
    expect(make({ MMAR_CKPT_DIR: '/mmars/spleen/models', MMAR_CKPT: '/elsewhere/model.pt' })).toEqual({
      MMAR_CKPT_DIR: 'models',
      MMAR_CKPT: '/elsewhere/model.pt',
    });
  });

  it('is refused when all jobs would write their models to one folder', () => {
    expect(() => make({ MMAR_CKPT_DIR: '/results' })).toThrow(
      'config/environment.json: MMAR_CKPT_DIR: The folder for models is outside the MMAR',
    );
  });
});
