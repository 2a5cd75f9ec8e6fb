import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FaultError } from '../../../common/fault.ts';
import type { ComponentNode } from '../../../common/mmar/resolved-config.ts';
import { createTensor } from '../../../trainer/data/tensor.ts';
import { listUserCode } from '../../../trainer/user-code/list-user-code.ts';
import { locateUserClass } from '../../../trainer/user-code/locate-user-class.ts';
import { UserClasses } from '../../../trainer/user-code/user-classes.ts';

const roots: string[] = [];
afterEach(() => roots.splice(0).forEach((root) => rmSync(root, { recursive: true })));

function makeRoot(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'user-code-'));
  roots.push(root);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

const node = (path: string, args: ComponentNode['args'] = {}): ComponentNode => ({
  kind: 'component',
  name: path.split('.').at(-1)!,
  path,
  args,
  attributes: {},
  at: ['train', 'loss'],
});

async function faultOf(work: () => unknown) {
  try {
    await work();
  } catch (error) {
    if (error instanceof FaultError) return error.faults[0];
    throw error;
  }
  throw new Error('nothing was refused');
}

const place = { learningRate: 0.1, epochs: 3 };

const load = (root: string, component: ComponentNode, trusted = true) =>
  UserClasses.load([component], { mmarRoot: root, trusted, configFile: 'config/config_train.json' });

describe('where a class is', () => {
  it('finds modules and packages, TypeScript before JavaScript', () => {
    const root = makeRoot({ 'custom/a.ts': '', 'custom/a.js': '', 'custom/p/q/b.mjs': '' });
    expect(locateUserClass('a.Mine', root)).toMatchObject({
      file: join(root, 'custom/a.ts'),
      className: 'Mine',
      path: 'a.Mine',
    });
    expect(locateUserClass('p.q.b.Mine', root).file).toBe(join(root, 'custom/p/q/b.mjs'));
  });

  it.each([
    ['none.Mine', /The module of "none.Mine" is not there/],
    ['Mine', /is no path of a class/],
    ['../a.Mine', /is no path of a class/],
    ['out.Mine', /a link that leads out of custom/],
  ])('refuses %s', async (path, message) => {
    const root = makeRoot({ 'custom/a.ts': '', 'elsewhere/out.ts': '' });
    symlinkSync(join(root, 'elsewhere/out.ts'), join(root, 'custom/out.ts'));
    expect(await faultOf(() => locateUserClass(path, root))).toMatchObject({ code: 'user-code', message });
  });
});

describe('trust', () => {
  it('runs nothing of an MMAR that is not trusted, and says how to trust it', async () => {
    const root = makeRoot({ 'custom/a.mjs': 'globalThis.ranUntrusted = true; export class Mine {}' });
    expect(await faultOf(() => load(root, node('a.Mine'), false))).toMatchObject({
      code: 'not-trusted',
      file: 'config/config_train.json',
      path: ['train', 'loss', 'path'],
      component: 'Mine',
      allowed: 'the same command with --trust',
    });
    expect('ranUntrusted' in globalThis).toBe(false);
  });

  it('asks for no trust where there is no code', async () => {
    const { path: _, ...builtIn } = node('a.DiceLoss');
    await expect(load('/nowhere', builtIn, false)).resolves.toBeInstanceOf(UserClasses);
  });

  it('runs no other code than that of the digest that is trusted', async () => {
    const root = makeRoot({ 'custom/a.mjs': 'export class Mine {}' });
    const options = { mmarRoot: root, trusted: true, configFile: 'config/config_train.json' };
    const { digest } = listUserCode(root);
    const mine = [node('a.Mine')];
    await expect(UserClasses.load(mine, { ...options, codeDigest: digest })).resolves.toBeDefined();
    const other = UserClasses.load(mine, { ...options, codeDigest: digest.replace(/^./, 'x') });
    expect(await faultOf(() => other)).toMatchObject({ code: 'not-trusted', file: 'custom' });
  });

  it('knows the code by its digest', () => {
    const root = makeRoot({ 'custom/a.js': 'one', 'custom/p/b.js': 'two' });
    const before = listUserCode(root).digest;
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    writeFileSync(join(root, 'custom/p/b.js'), 'three');
    expect(listUserCode(root).digest).not.toBe(before);
    expect(listUserCode(makeRoot({})).modules).toEqual({});
  });
});

describe('what a class must be', () => {
  it.each([
    ['export class Others {}', /exports no class "Mine".*/],
    ['throw new Error("no luck")', /The module of "a.Mine" cannot be loaded: no luck/],
    ['export class Mine {', /cannot be loaded/],
  ])('refuses the module %j', async (code, message) => {
    const root = makeRoot({ 'custom/a.mjs': code });
    expect(await faultOf(() => load(root, node('a.Mine')))).toMatchObject({
      code: 'user-code',
      message,
      path: ['train', 'loss', 'path'],
    });
  });

  it('names what is missing', async () => {
    const classes = await load(
      makeRoot({ 'custom/a.mjs': 'export class Mine { inChannels = 1; build() {} }' }),
      node('a.Mine'),
    );
    expect(await faultOf(() => classes.createMetric(node('a.Mine')))).toMatchObject({
      message: '"a.Mine" is no metric: it lacks reset().',
    });
    expect(await faultOf(() => classes.createNetwork(node('a.Mine')))).toMatchObject({
      message: '"a.Mine" is no network: it lacks outChannels.',
    });
    const kinds = [
      [() => classes.createOptimizer(node('a.Mine')), 'optimizer', 'apply()'],
      [() => classes.createLrSchedule(node('a.Mine'), place), 'learning rate scheduler', 'rate()'],
      [() => classes.createInferer(node('a.Mine')), 'inferer', 'infer()'],
    ] as const;
    for (const [create, kind, member] of kinds)
      expect(await faultOf(create)).toMatchObject({
        code: 'user-code',
        component: 'Mine',
        message: `"a.Mine" is no ${kind}: it lacks ${member}.`,
      });
  });

  it('notices what gives something else than it has to', async () => {
    const code = `export class Mine {
      learningRate = 0.1;
      stateShapes = (shape) => ({ memory: shape });
      apply = (parameter) => ({ parameter, state: {} });
      rate = () => NaN;
      infer = (images) => ({ shape: [1, 2, 3], data: new Float32Array(6) });
    }`;
    const classes = await load(makeRoot({ 'custom/a.mjs': code }), node('a.Mine'));
    const value = { shape: [2] } as never;
    const wrong = (method: string, allowed: string) => ({
      code: 'user-code',
      message: `"a.Mine" gives something else in ${method} than it has to.`,
      allowed,
    });
    const optimizer = classes.createOptimizer(node('a.Mine', { params: 'all' }));
    expect(optimizer.scalarsAt(1, 0.5)).toEqual({ learning_rate: 0.5 });
    expect(await faultOf(() => optimizer.apply(value, value, {}, {}))).toMatchObject(
      wrong('apply', '{parameter, state: {memory}}'),
    );
    const schedule = classes.createLrSchedule(node('a.Mine'), place);
    expect(await faultOf(() => schedule(3))).toMatchObject(wrong('rate', 'a number of 0 or more'));
    const images = createTensor([1, 1, 2, 2], new Float32Array(4));
    const inferer = classes.createInferer(node('a.Mine'));
    expect(await faultOf(() => inferer.infer(images, () => Promise.resolve(images)))).toMatchObject(
      wrong('infer', 'a tensor of [1, classes, 2, 2]'),
    );
  });

  it('gives plain arguments, and refuses references', async () => {
    const code =
      'export class Mine { constructor(args) { this.value = () => args.list.length } reset() {} update() {} }';
    const classes = await load(makeRoot({ 'custom/a.mjs': code }), node('a.Mine'));
    expect(classes.createMetric(node('a.Mine', { list: [1, 2] })).value()).toBe(2);
    const reference = { kind: 'reference', name: 'model', at: [] } as const;
    expect(await faultOf(() => classes.createMetric(node('a.Mine', { list: [reference] })))).toMatchObject({
      code: 'wrong-argument',
      argument: 'list',
    });
  });

  it('makes faults of what a constructor or a method throws', async () => {
    const code =
      'export class Mine { constructor({ fail }) { if (fail) throw new Error("bad args") } attach() { throw new Error("bad day") } }';
    const classes = await load(makeRoot({ 'custom/a.mjs': code }), node('a.Mine'));
    expect(await faultOf(() => classes.createHandler(node('a.Mine', { fail: true })))).toMatchObject({
      code: 'user-code',
      message: 'The constructor of "a.Mine" failed: bad args',
    });
    const handler = classes.createHandler(node('a.Mine'));
    expect(await faultOf(() => handler.attach({} as never))).toMatchObject({
      message: '"a.Mine" failed in attach: bad day',
    });
  });
});

describe('docs/byoc.md', () => {
  it('names the modules as the loader wants them', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../docs/byoc.md'), 'utf8');
    const names = [...text.matchAll(/^\/\/ custom\/(.*)\.ts$/gm)].map(([, name]) => name);
    expect(names).toHaveLength(10);
    for (const name of names) expect(name).toMatch(/^\w+$/);
  });
});
