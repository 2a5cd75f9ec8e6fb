import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readTorchFile, torchValueToJson, writeTorchFile } from '../../../trainer/checkpoint/torch-file.ts';
import {
  float32Tensor,
  int64Scalar,
  type TorchTensor,
  type TorchValue,
} from '../../../trainer/checkpoint/torch-value.ts';
import { findPython } from '../find-python.ts';

const found = findPython('torch', '2.13.0');
if ('why' in found) console.warn(`SKIPPED: checkpoints are not tried with PyTorch: ${found.why}`);

const python = 'python' in found ? found.python : '';
const folder = mkdtempSync(join(tmpdir(), 'torch-file-'));
afterAll(() => rmSync(folder, { recursive: true }));
const run = (code: string): string => execFileSync(python, ['-c', code], { cwd: folder, encoding: 'utf8' });

describe.skipIf('why' in found)('PyTorch 2.13', () => {
  it('loads what is written here, with weights_only', () => {
    const model = new Map<string, TorchValue>([
      ['a.weight', float32Tensor([2, 2], Float32Array.of(1, 2, 3, 4))],
      ['a.num_batches_tracked', int64Scalar(5)],
    ]);
    writeFileSync(
      join(folder, 'ours.pt'),
      writeTorchFile({ model, train_conf: { lr: 0.5, name: 'UNet', x: [1, null] } }),
    );
    const printed = run(
      'import torch, json; c = torch.load("ours.pt", weights_only=True); m = c["model"]\n' +
        'print(json.dumps([type(m).__name__, list(m), m["a.weight"].tolist(), m["a.weight"].is_contiguous(),' +
        ' m["a.num_batches_tracked"].item(), str(m["a.num_batches_tracked"].dtype), c["train_conf"]]))',
    );
    expect(JSON.parse(printed)).toEqual([
      'OrderedDict',
      ['a.weight', 'a.num_batches_tracked'],
      [
        [1, 2],
        [3, 4],
      ],
      true,
      5,
      'torch.int64',
      { lr: 0.5, name: 'UNet', x: [1, null] },
    ]);
  });

  it('writes what is read here: state dicts, optimizers, views, half precision', () => {
    run(
      'import torch\n' +
        'torch.manual_seed(0)\n' +
        'net = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2))\n' +
        'opt = torch.optim.Adam(net.parameters(), lr=0.5)\n' +
        'net(torch.ones(1, 1, 5, 5)).sum().backward(); opt.step()\n' +
        'base = torch.arange(12.).reshape(3, 4)\n' +
        'torch.save({"model": net.state_dict(), "optimizer": opt.state_dict(), "view": base.t()[1:3],' +
        ' "half": torch.tensor([1.5, -2.0]).half(), "bfloat": torch.tensor([1.5, -2.0]).bfloat16(),' +
        ' "flags": torch.tensor([True, False]), "parameter": torch.nn.Parameter(torch.tensor([3.0])),' +
        ' "size": torch.Size([1, 2]), "conf": {"a": (1, 2.5), "n": 10**12}}, "theirs.pt")',
    );
    const read = readTorchFile(readFileSync(join(folder, 'theirs.pt'))) as Map<string, TorchValue>;
    const model = read.get('model') as Map<string, TorchTensor>;
    expect([...model.keys()]).toEqual([
      '0.weight',
      '0.bias',
      '1.weight',
      '1.bias',
      '1.running_mean',
      '1.running_var',
      '1.num_batches_tracked',
    ]);
    expect(model.get('0.weight')!.shape).toEqual([2, 1, 3, 3]);
    expect(model.get('1.num_batches_tracked')).toEqual(int64Scalar(1));
    const optimizer = read.get('optimizer') as Map<string, TorchValue>;
    expect(torchValueToJson((optimizer.get('param_groups') as TorchValue[])[0])).toMatchObject({
      lr: 0.5,
      params: [0, 1, 2, 3],
    });
    const view = read.get('view') as TorchTensor;
    expect([view.shape, [...view.data]]).toEqual([
      [2, 3],
      [1, 5, 9, 2, 6, 10],
    ]);
    for (const name of ['half', 'bfloat'])
      expect([...(read.get(name) as TorchTensor).data]).toEqual([1.5, -2]);
    expect([...(read.get('flags') as TorchTensor).data]).toEqual([1, 0]);
    expect([...(read.get('parameter') as TorchTensor).data]).toEqual([3]);
    expect(torchValueToJson(read.get('size')!)).toEqual([1, 2]);
    expect(torchValueToJson(read.get('conf')!)).toEqual({ a: [1, 2.5], n: 10 ** 12 });
  }, 60_000);
});
