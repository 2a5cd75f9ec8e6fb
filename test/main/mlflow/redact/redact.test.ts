import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { makeSeededRandom } from '../../../../common/random/seeded-random.ts';
import { describeOnnxModel } from '../../../../main/mlflow/project-run/onnx-model-files.ts';
import { AllowList, DEFAULT_POLICY, kindOfArtifact } from '../../../../main/mlflow/redact/allow-list.ts';
import { findConcern } from '../../../../main/mlflow/redact/find-concern.ts';
import { reviewText } from '../../../../main/mlflow/redact/review-file.ts';

const names = { names: ['mueller', 'ws-radiology7'] };
const list = new AllowList(DEFAULT_POLICY, names);

describe('a text that must stay', () => {
  it.each([
    ['/home/jo/data', 'an absolute path'],
    ['see "/data/x"', 'an absolute path'],
    ['[/mnt/nas, 1]', 'an absolute path'],
    ['~/MMARs/x', 'an absolute path'],
    ['C:\\data\\x', 'an absolute path'],
    ['d:/data', 'an absolute path'],
    ['\\\\nas\\share', 'an absolute path'],
    ['file:///x', 'an absolute path'],
    ['</data/x>', 'an absolute path'],
    ['-I/usr/x', 'an absolute path'],
    ['/2024/cohort', 'an absolute path'],
    ['../cohort/x', 'a path that leads out of the MMAR'],
    ['..\\cohort', 'a path that leads out of the MMAR'],
    ['https://pacs.hospital.example', 'an address'],
    ['jo.doe@hospital.example', 'an e-mail address'],
    ['DOE_JANE.nii.gz cannot be read', 'the name of an image file'],
    ['scan.dcm', 'the name of an image file'],
    ['1.2.840.113619.2.55.3', 'a DICOM UID'],
    ['DOE^JANE', "a person's name"],
    ['Müller^Jörg', "a person's name"],
    ['Jane Doe', "a person's name"],
    ['of Doe, Jane', "a person's name"],
    ['Doe_Jane', "a person's name"],
    ['Dr. House', "a person's name"],
    ['1953-04-12', 'a date'],
    ['12.04.1953', 'a date'],
    ['04/12/1953', 'a date'],
    ['19530412', 'a date'],
    ['born 19530412.', 'a date'],
    ['doe_19530412', 'a date'],
    ['19530412T101112', 'a date'],
    ['19530412101112', 'a date'],
    ['12-Apr-1953', 'a date'],
    ['12. Mai 1953', 'a date'],
    ['April 12, 1953', 'a date'],
    ['case_4711123', 'a long number, as patients and studies have'],
    ['MRN4711123', 'a long number, as patients and studies have'],
    ['MRN 004711123', 'a long number, as patients and studies have'],
    ['PatientID', 'a DICOM attribute'],
    ['(0010,0010)', 'a DICOM attribute'],
    ['study_date', 'a DICOM attribute'],
    ['StudyDate', 'a DICOM attribute'],
    ['by Mueller himself', 'the name of a user or of this computer'],
    ['mueller_2', 'the name of a user or of this computer'],
    ['on WS-Radiology7', 'the name of a user or of this computer'],
  ])('%s', (text, rule) => expect(String(findConcern(text, names))).toBe(rule));

  it('is found wherever it stands', () => {
    const words = fc.stringMatching(/^[a-z ,;:=]{0,20}$/);
    fc.assert(
      fc.property(
        words,
        words,
        fc.constantFrom('/home/x', 'DOE^JANE', '1953-04-12', 'C:\\x', 'a@b.de'),
        (a, b, secret) => {
          expect(findConcern(`${a} ${secret} ${b}`, names)).toBeDefined();
        },
      ),
    );
  });
});

describe('a text that may go', () => {
  it.each([
    ['{DATA_ROOT}/dataset.json'],
    ['models/model.pt'],
    ['#@model.parameters()'],
    ['[16,32,64]'],
    ["#monai.handlers.from_engine(['pred', 'label'])"],
    ['the loss became NaN or infinite'],
    ['longer than max_job_run_time, 3600 seconds'],
    ['W1_2_J2 reached the stop_threshold of 0.8 with 0.80125'],
    ['MMARHandler, StatsHandler, MMARStatsHandler'],
    ['0.00012345678901'],
    ['3.17.2'],
    ['12345678.5'],
    ['W12_3_J4567'],
    ['marginal 12 2048'],
    ['...'],
    ['linux-x64'],
    ['muellersche'],
    ['1e-7'],
    ['[1024,2048]'],
    ['d41d8cd98f00b204e9800998ecf8427e'],
  ])('%s', (text) => expect(findConcern(text, names)).toBeUndefined());
});

describe('the allow-list', () => {
  it('lets settings go and holds prose back', () => {
    expect(list.judgeParam({ key: 'config/learning_rate', value: '0.001' })).toEqual({ ok: true });
    expect(list.judgeParam({ key: 'seed', value: '4123456789' })).toEqual({ ok: true });
    expect(list.judgeParam({ key: 'config/size', value: '4123456789' }).ok).toBe(false);
    expect(list.judgeParam({ key: 'note', value: 'Befund auffällig' })).toEqual({
      ok: false,
      rule: 'a text that is no setting',
    });
    expect(list.judgeParam({ key: 'PatientName', value: 'x' }).ok).toBe(false);
    expect(list.judgeParam({ key: 'x', value: 'y'.repeat(1001) }).ok).toBe(false);
  });

  it('knows the tags that go, and those that a site adds', () => {
    expect(list.judgeTag({ key: 'outerloop.status', value: 'diverged' }).ok).toBe(true);
    expect(list.judgeTag({ key: 'outerloop.run_uid', value: '12345678901234567890123456789012' }).ok).toBe(
      true,
    );
    expect(list.judgeTag({ key: 'outerloop.reason', value: '/home/x is full' })).toEqual({
      ok: false,
      rule: 'an absolute path',
    });
    expect(list.judgeTag({ key: 'mlflow.source.name', value: '/home/x/train.py' }).ok).toBe(false);
    expect(list.judgeTag({ key: 'mlflow.user', value: 'mueller' })).toEqual({
      ok: false,
      rule: "the user's name",
    });
    expect(list.judgeTag({ key: 'site', value: 'north' })).toEqual({
      ok: false,
      rule: 'a tag that is not on the list',
    });
    const wider = new AllowList(
      { artifacts: [], tags: ['site'], registeredModels: false, userName: true },
      names,
    );
    expect(wider.judgeTag({ key: 'site', value: 'north' }).ok).toBe(true);
    expect(wider.judgeTag({ key: 'mlflow.user', value: 'mueller' }).ok).toBe(true);
    expect(wider.judgeArtifact('train_stats.json').ok).toBe(false);
  });

  it.each([
    ['config_train.json', 'config'],
    ['train_stats.json', 'stats'],
    ['leaderboard.csv', 'leaderboard'],
    ['model/model.onnx', 'model'],
    ['log.txt', 'log'],
    ['overlays/1.png', 'image'],
    ['model/weights.pt', undefined],
    ['images/scan.nii.gz', undefined],
    ['dataset.json', undefined],
  ])('takes %s for a %s', (path, kind) => expect(kindOfArtifact(path)).toBe(kind));

  it('holds logs and pictures back unless somebody lets them go', () => {
    expect(list.judgeArtifact('log.txt')).toEqual({ ok: false, rule: 'a log: not sent to this server' });
    expect(list.judgeArtifact('overlays/1.png').ok).toBe(false);
    expect(list.judgeArtifact('model/MLmodel')).toEqual({ ok: true, kind: 'model' });
  });

  it('sends a data set without what could be a place or a column', () => {
    const dataset = {
      name: 'data-list/training',
      digest: 'abc123',
      source_type: 'local',
      source: '/data/x',
      schema: '{}',
      profile: '{"n":3}',
    };
    expect(
      list.reduceDataset({
        dataset,
        tags: [
          { key: 'mlflow.data.context', value: 'training' },
          { key: 'x', value: 'y' },
        ],
      }),
    ).toEqual({
      input: {
        dataset: {
          name: 'data-list/training',
          digest: 'abc123',
          source_type: 'held back',
          source: '{}',
          profile: '{"n":3}',
        },
        tags: [{ key: 'mlflow.data.context', value: 'training' }],
      },
      held: [
        { kind: 'dataset', key: 'abc123', rule: 'the source of a data set' },
        { kind: 'dataset', key: 'abc123', rule: 'the schema of a data set' },
      ],
    });
    expect(list.reduceDataset({ dataset: { ...dataset, name: '/data/x' }, tags: [] }).input).toBeUndefined();
    for (const profile of ['{"/data/x": 3}', '{"Jane Doe": 3}', '{"n": "19530412"}', '{"n": {"x": 1}}'])
      expect(list.reduceDataset({ dataset: { ...dataset, profile }, tags: [] })).toMatchObject({
        input: { dataset: expect.not.objectContaining({ profile }) as object },
        held: [{}, {}, { rule: 'the profile of a data set' }],
      });
    const ours = { ...dataset, source_type: 'outerloop', source: '{"/data/x": 1}' };
    expect(list.reduceDataset({ dataset: ours, tags: [] }).input!.dataset.source).toBe('{}');
  });
});

describe('a model', () => {
  const judge = (...parts: (string | Uint8Array)[]) =>
    list.judgeModel(Readable.from(parts.map((part) => Buffer.from(part))));

  it.each([
    ['Traceback: /home/jo/net.py', 'a model that names places of this machine'],
    ['C:\\Users\\jo\\net.py', 'a model that names places of this machine'],
    ['File "net.py", line 3', 'a model that names places of this machine'],
    ['producer mueller', 'the name of a user or of this computer'],
  ])('that holds %j stays, wherever it is cut', async (text, rule) => {
    const around = Buffer.alloc(1000, 7);
    for (const cut of [0, 3, 11, text.length])
      expect(await judge(around, text.slice(0, cut), text.slice(cut), around)).toEqual({ ok: false, rule });
  });

  it('of weights goes', async () => {
    const { uniform } = makeSeededRandom(3);
    const weights = Float32Array.from({ length: 500_000 }, () => uniform() * 2 - 1);
    expect(await judge('/conv1/Conv_output_0', new Uint8Array(weights.buffer))).toEqual({ ok: true });
  });
});

describe('a file', () => {
  it('goes as a whole or not at all', () => {
    expect(reviewText('config', 'config_train.json', '{"a": ["{DATA_ROOT}/x", 19530412]}', list)).toEqual({
      send: 'file',
    });
    expect(reviewText('config', 'config_train.json', '{"a": {"b": ["/data/x"]}}', list)).toEqual({
      send: 'nothing',
      rule: 'an absolute path',
    });
    expect(reviewText('config', 'config_train.json', '{"/data/x": 1}', list)).toEqual({
      send: 'nothing',
      rule: 'an absolute path',
    });
    expect(reviewText('config', 'config_train.json', '{"a": ', list)).toEqual({
      send: 'nothing',
      rule: 'a file that is no JSON',
    });
    expect(
      reviewText('leaderboard', 'leaderboard.csv', '1,W1_1_J1,-1000000,2026-01-02T03:04:05.678Z,', list),
    ).toEqual({ send: 'file' });
    expect(reviewText('leaderboard', 'leaderboard.csv', '1,W1_1_J1,1953-04-12,', list)).toEqual({
      send: 'nothing',
      rule: 'a date',
    });
  });

  it('that describes a model goes', () => {
    const tensor = { name: 'image', dtype: 'float32', shape: [-1, 1, 96, 96, 96] };
    const model = {
      modelId: `m-${'0123456789abcdef'.repeat(2)}`,
      signature: { inputs: [tensor], outputs: [{ ...tensor, name: 'logits' }] },
      runId: 'a'.repeat(32),
      artifactUri: `mlflow-artifacts:/1/models/m-${'0123456789abcdef'.repeat(2)}/artifacts`,
      sizeBytes: 12_345_678,
      createdAt: 1_700_000_000_000,
    };
    for (const [name, text] of Object.entries(describeOnnxModel(model)))
      expect(reviewText('model', `model/${name}`, text, list), name).toEqual({ send: 'file' });
  });

  it('with numbers that JSON lacks is read as well', () => {
    expect(reviewText('stats', 'train_stats.json', '{"a": NaN, "b": [-Infinity, 1]}', list)).toEqual({
      send: 'file',
    });
    expect(reviewText('stats', 'train_stats.json', '{"a": NaN, "b": "/data/x"}', list)).toMatchObject({
      send: 'nothing',
    });
  });

  it('that is a log goes without some of its lines', () => {
    const text = '2026-11-25 16:00:00 loss 0.5\nreading /data/x\nepoch 2';
    expect(reviewText('log', 'log.txt', text, list)).toEqual({
      send: 'text',
      text: '2026-11-25 16:00:00 loss 0.5\n[held back: an absolute path]\nepoch 2',
      rule: 'an absolute path',
    });
  });

  it('hides nothing behind a time that looks like our own', () => {
    const log = '2026-11-25T16:00:00.123Z,/data/x';
    expect(reviewText('log', 'log.txt', log, list)).toMatchObject({ send: 'text', rule: 'an absolute path' });
    const model = "utc_time_created: '2026-11-25 DOE^JANE'";
    expect(reviewText('model', 'model/MLmodel', model, list)).toMatchObject({ send: 'nothing' });
  });

  it('in another encoding stays, since it cannot be read', () => {
    for (const bytes of [Buffer.from('1,/data/x', 'utf16le'), Buffer.from('1,M\xfcller', 'latin1')])
      expect(reviewText('leaderboard', 'leaderboard.csv', bytes.toString('utf8'), list)).toEqual({
        send: 'nothing',
        rule: 'a file that is no text in UTF-8',
      });
  });

  it('that a template makes goes', () => {
    const template = resolve(import.meta.dirname, '../../../../mmar-templates/segmentation-unet-3d/config');
    for (const name of ['config_train.json', 'config_automl.json'])
      expect(reviewText('config', name, readFileSync(join(template, name), 'utf8'), list)).toEqual({
        send: 'file',
      });
  });
});
