import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOnnxSignature } from '../../../../main/mlflow/project-run/onnx-signature.ts';
import { serializeModel } from '../../../../trainer/graph/onnx-model.ts';
import { Graph } from '../../../../trainer/graph/graph.ts';
import { ProtobufWriter } from '../../../../trainer/graph/protobuf-writer.ts';

let file: string;
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'outerloop-onnx-')), 'model.onnx');
});
afterEach(() => rmSync(join(file, '..'), { recursive: true }));

const read = (bytes: Uint8Array) => {
  writeFileSync(file, bytes);
  return readOnnxSignature(file);
};

/** A tensor's description; no shape when its rank is not said. */
function valueInfo(
  writer: ProtobufWriter,
  name: string,
  type: number,
  shape?: readonly (number | string)[],
): void {
  writer.string(1, name).message(2, (proto) =>
    proto.message(1, (tensor) => {
      tensor.integer(1, type);
      if (shape === undefined) return;
      tensor.message(2, (sizes) => {
        for (const size of shape)
          sizes.message(1, (one) => (typeof size === 'number' ? one.integer(1, size) : one.string(2, size)));
      });
    }),
  );
}

function model(write: (graph: ProtobufWriter) => void): Uint8Array {
  return new ProtobufWriter().integer(1, 8).string(2, 'test').message(7, write).finish();
}

describe('the signature of a model', () => {
  it('is what our own exporter wrote, open sizes as -1', async () => {
    const graph = new Graph();
    const image = graph.input('image', [1, 1, 32, 32, 32]);
    graph.output('logits', image);
    const bytes = serializeModel(graph, {
      freeSizes: { image: ['batch', undefined, 'a', 'b', 'c'], logits: ['batch', undefined, 'a', 'b', 'c'] },
    });
    const tensor = { dtype: 'float32', shape: [-1, 1, -1, -1, -1] };
    await expect(read(bytes)).resolves.toEqual({
      inputs: [{ name: 'image', ...tensor }],
      outputs: [{ name: 'logits', ...tensor }],
    });
  });

  it('passes over weights, however large, also where they are listed among the inputs', async () => {
    const bytes = model((graph) => {
      graph.message(5, (weights) =>
        weights.bytes(9, new Uint8Array(3 * 1024 ** 2).fill(0x52)).string(8, 'w'),
      );
      valueInfoField(graph, 11, 'x', 7, [2, 'n']);
      valueInfoField(graph, 11, 'w', 1, [3]);
      valueInfoField(graph, 12, 'y', 9, []);
    });
    await expect(read(bytes)).resolves.toEqual({
      inputs: [{ name: 'x', dtype: 'int64', shape: [2, -1] }],
      outputs: [{ name: 'y', dtype: 'bool', shape: [] }],
    });
  });

  it.each<[string, Uint8Array]>([
    ['no model', Buffer.from('not a model at all, but some text of some length')],
    ['nothing', new Uint8Array()],
    [
      'an unknown rank',
      model((graph) => (valueInfoField(graph, 11, 'x', 1), valueInfoField(graph, 12, 'y', 1, [1]))),
    ],
    [
      'a type that NumPy lacks',
      model((graph) => (valueInfoField(graph, 11, 'x', 16, [1]), valueInfoField(graph, 12, 'y', 1, [1]))),
    ],
    ['no outputs', model((graph) => valueInfoField(graph, 11, 'x', 1, [1]))],
  ])('is none for %s', (_, bytes) => expect(read(bytes)).resolves.toBeUndefined());

  it('is none for a file that was cut off anywhere', async () => {
    const bytes = model(
      (graph) => (valueInfoField(graph, 11, 'x', 1, [1]), valueInfoField(graph, 12, 'y', 1, [1])),
    );
    for (let length = 0; length < bytes.length; length++)
      await expect(read(bytes.subarray(0, length))).resolves.toBeUndefined();
    await expect(readOnnxSignature(`${file}-not`)).resolves.toBeUndefined();
  });
});

function valueInfoField(
  graph: ProtobufWriter,
  field: number,
  name: string,
  type: number,
  shape?: readonly (number | string)[],
): void {
  graph.message(field, (writer) => valueInfo(writer, name, type, shape));
}
