import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatFault, unwrap } from '../../../common/fault.ts';
import { anchorDataPaths, readEnvironment } from '../../../common/mmar/environment.ts';

describe('readEnvironment', () => {
  it('keeps every key, known or not, of any type', () => {
    const text = '{"DATA_ROOT": "data", "OUTPUT_CHANNELS": 2, "PIXDIM": [1, 1, 2.5], "SITE": "x"}';
    expect(unwrap(readEnvironment(text, 'f'))).toEqual(JSON.parse(text));
  });

  it('checks the keys that it knows', () => {
    const result = readEnvironment('{"DATA_ROOT": 3, "PROCESSING_TASK": "segment"}', 'environment.json');
    expect(result.ok ? [] : result.faults.map(formatFault)).toEqual([
      'environment.json: DATA_ROOT: 3 does not fit. Allowed: a string.',
      'environment.json: PROCESSING_TASK: "segment" does not fit. Allowed: "segmentation", "classification", "annotation".',
    ]);
  });
});

describe('anchorDataPaths', () => {
  it('makes the data paths absolute and leaves the rest', () => {
    const environment = { DATA_ROOT: '../data', DATASET_JSON: '/d/list.json', MMAR_CKPT_DIR: 'models', N: 1 };
    expect(anchorDataPaths(environment, '/a/mmar', posix.resolve)).toEqual({
      DATA_ROOT: '/a/data',
      DATASET_JSON: '/d/list.json',
      MMAR_CKPT_DIR: 'models',
      N: 1,
    });
  });
});
