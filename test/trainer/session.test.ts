import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FaultError } from '../../common/fault.ts';
import { differentiate } from '../../trainer/autodiff/differentiate.ts';
import { availableProviders, chooseProvider, deviceFault } from '../../trainer/execution-provider.ts';
import { Graph } from '../../trainer/graph/graph.ts';
import { serializeModel } from '../../trainer/graph/onnx-model.ts';
import * as ops from '../../trainer/graph/ops/index.ts';
import { sizeOf } from '../../trainer/graph/shape.ts';
import { createSession, type HostTensor, type Session, type SessionOptions } from '../../trainer/session.ts';

const opened: Session[] = [];
const open = async (model: Uint8Array, options: Partial<SessionOptions> = {}): Promise<Session> => {
  const session = await createSession(model, { threads: 1, ...options });
  opened.push(session);
  return session;
};
afterEach(async () => {
  for (const session of opened.splice(0)) await session.dispose();
});

const float32 = (...numbers: number[]): HostTensor => ({
  dtype: 'float32',
  shape: [numbers.length],
  data: Float32Array.from(numbers),
});

function doubler(): Uint8Array {
  const graph = new Graph();
  graph.output('y', ops.multiply(graph.input('x', [3]), 2));
  graph.output('z', ops.add(graph.inputs[0], 1));
  return serializeModel(graph);
}

/** A small training graph: a step of gradient descent for two convolutions with normalisation. */
function trainingModel(): { model: Uint8Array; feeds: Record<string, HostTensor> } {
  const graph = new Graph();
  const image = graph.input('image', [2, 4, 16, 16, 16]);
  const weights = [graph.input('w0', [8, 4, 3, 3, 3]), graph.input('w1', [3, 8, 3, 3, 3])];
  const hidden = ops.relu(
    ops.instanceNormalization(ops.conv(image, weights[0], undefined, { pads: 1, strides: 2 })),
  );
  const logits = ops.conv(hidden, weights[1], undefined, { pads: 1 });
  const loss = ops.negate(ops.reduceMean(ops.logSoftmax(logits, 1)));
  differentiate(loss, weights).forEach((gradient, index) =>
    graph.output(`new ${index}`, ops.subtract(weights[index], ops.multiply(gradient, 0.1))),
  );
  graph.output('loss', loss);
  const feeds = Object.fromEntries(
    graph.inputs.map(({ name, shape }, index): [string, HostTensor] => {
      const data = Float32Array.from({ length: sizeOf(shape) }, (_, at) => Math.sin(at * 0.7 + index));
      return [name, { dtype: 'float32', shape, data }];
    }),
  );
  return { model: serializeModel(graph), feeds };
}

describe('a session', () => {
  it('runs and says what it takes and gives', async () => {
    const session = await open(doubler());
    expect(session.inputNames).toEqual(['x']);
    expect(session.outputNames).toEqual(['y', 'z']);
    expect(await session.run({ x: float32(1, 2, 3) })).toEqual({ y: float32(2, 4, 6), z: float32(2, 3, 4) });
  });

  it('writes outputs into the arrays that it is given', async () => {
    const session = await open(doubler());
    const into = float32(0, 0, 0);
    const results = await session.run({ x: float32(1, 2, 3) }, { y: into });
    expect(results.y.data).toBe(into.data);
    expect(into).toEqual(float32(2, 4, 6));
    expect(results.z).toEqual(float32(2, 3, 4));
  });

  it.each([1, 2])('gives the same bits twice, and in a second session, with %i threads', async (threads) => {
    const { model, feeds } = trainingModel();
    const first = await open(model, { threads });
    const results = await first.run(feeds);
    expect(Number(results.loss.data[0])).toBeGreaterThan(0.5);
    expect(await first.run(feeds)).toEqual(results);
    const second = await open(model, { threads });
    expect(await second.run(feeds)).toEqual(results);
  });

  it('writes a profile per operator', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'session-'));
    try {
      const session = await createSession(doubler(), {
        threads: 1,
        profile: { filePrefix: join(folder, 'step') },
      });
      await session.run({ x: float32(1, 2, 3) });
      await session.dispose();
      const [file] = readdirSync(folder);
      expect(file).toMatch(/^step.*\.json$/);
      const events = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
        args?: { op_name?: string };
      }[];
      expect(events.map(({ args }) => args?.op_name)).toContain('Mul');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each<[string, Record<string, HostTensor>, string]>([
    ['a missing feed', {}, 'no tensor was fed for x'],
    ['an unknown feed', { x: float32(1, 2, 3), w: float32(1) }, 'the model has no input w'],
    [
      'numbers that do not fill the shape',
      { x: { ...float32(1, 2), shape: [3] } },
      '"x": a tensor of shape [3] cannot hold 2 numbers',
    ],
    ['another shape than the model has', { x: float32(1, 2) }, 'x'],
  ])('refuses %s', async (_, feeds, message) => {
    const session = await open(doubler());
    await expect(session.run(feeds)).rejects.toThrow(message);
  });

  it('refuses an output that the model does not have', async () => {
    const session = await open(doubler());
    await expect(session.run({ x: float32(1, 2, 3) }, { w: float32(1) })).rejects.toThrow(
      'the model has no output w',
    );
  });

  it('refuses to write an output over a feed', async () => {
    const session = await open(doubler());
    const x = float32(1, 2, 3);
    await expect(session.run({ x }, { y: x })).rejects.toThrow('an output would overwrite a feed: y');
  });

  it('refuses bytes that are no model', async () => {
    await expect(createSession(Uint8Array.of(1, 2, 3), { threads: 1 })).rejects.toThrow();
  });
});

describe('execution providers', () => {
  it('always have the CPU, which is the default', () => {
    expect(availableProviders()).toContain('cpu');
    expect(chooseProvider()).toEqual({ name: 'cpu' });
  });

  it('are a fault when they are not installed', async () => {
    const absent = (['dml', 'coreml'] as const).find((name) => !availableProviders().includes(name))!;
    const failure = await createSession(doubler(), { threads: 1, provider: { name: absent } }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(FaultError);
    expect((failure as FaultError).faults[0]).toMatchObject({
      code: 'unknown-device',
      message: `the execution provider "${absent}" is not installed`,
      allowed: availableProviders().join(', '),
    });
  });

  it.skipIf(availableProviders().includes('cuda') || process.platform !== 'linux')(
    'name the files that CUDA lacks',
    () => {
      expect(() => chooseProvider({ name: 'cuda', gpu: 0 })).toThrow('libonnxruntime_providers_cuda.so');
    },
  );

  it('that find no device say why, without the source lines of ONNX Runtime', () => {
    const reason =
      '/src/webgpu_context.cc:136 Initialize(const Config&) status == Success was false. No adapters\n';
    expect(deviceFault({ name: 'webgpu', gpu: 1 }, reason).faults[0]).toEqual({
      code: 'unknown-device',
      message: 'no usable device for "webgpu", GPU 1: No adapters',
      allowed: availableProviders()
        .filter((name) => name !== 'webgpu')
        .join(', '),
    });
  });
});
