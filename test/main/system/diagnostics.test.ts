import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { diagnostics } from '../../../common/api/system.ts';
import { openFileSettings } from '../../../main/node/file-settings.ts';
import type { Desktop } from '../../../main/ports/desktop.ts';
import { createSystemService } from '../../../main/services/system.ts';
import { probeProviders } from '../../../main/system/probe-providers.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outerloop-system-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const call = { signal: new AbortController().signal };

function openService(chosen?: string): ReturnType<typeof createSystemService> {
  const abilities = { dialogs: true, reveal: true, trash: true, notifications: true };
  const desktop = { abilities, choose: async () => chosen } as unknown as Desktop;
  return createSystemService({
    dataFolder: folder,
    desktop,
    settings: openFileSettings(folder),
    devices: { listGpus: async () => [{ id: '0', name: 'A GPU', memoryMib: 8192 }], countCores: () => 2 },
    recentDefects: () => [
      {
        at: '2026-01-01T00:00:00.000Z',
        correlation: 'abcd',
        operation: 'files.read',
        message: `at ${homedir()}/x`,
      },
    ],
  });
}

it('asks the real ONNX Runtime what it can compute on', async () => {
  const probe = await probeProviders();
  if ('problem' in probe) throw new Error(probe.problem);
  expect(probe.onnxruntime).toMatch(/^\d+[.]\d+/);
  expect(probe.providers.find(({ name }) => name === 'cpu')).toEqual({
    name: 'cpu',
    isAvailable: true,
    lacks: [],
  });
  for (const { isAvailable, lacks } of probe.providers) expect(lacks.length === 0).toBe(isAvailable);
});

it('says why the providers could not be asked', async () => {
  const program = join(folder, 'broken.ts');
  writeFileSync(program, "throw new Error('no such library');");
  expect(await probeProviders(process.execPath, program)).toEqual({
    problem: expect.stringContaining('no such library') as string,
  });
  writeFileSync(program, "process.stdout.write('{}')");
  expect(await probeProviders(process.execPath, program)).toHaveProperty('problem');
});

it('describes the machine without naming its user', async () => {
  const found = diagnostics.parse(await openService().diagnostics({}, call));
  expect(found.gpus).toEqual([{ id: '0', name: 'A GPU', memoryMib: 8192 }]);
  expect(found.versions.map(({ name }) => name)).toContain('ONNX Runtime');
  expect(found.disks.every(({ freeBytes, totalBytes }) => freeBytes <= totalBytes && totalBytes > 0)).toBe(
    true,
  );
  expect(found.defects[0]!.message).toBe('at ~/x');
  expect(JSON.stringify(found)).not.toContain(`${homedir()}/`);
});

it('reads workers as runs do', async () => {
  const service = openService();
  expect(await service.readWorkers({ text: '0:cpu' }, call)).toEqual({
    workers: [
      { name: 'W1', devices: ['0'] },
      { name: 'W2', devices: [] },
    ],
    faults: [],
  });
  expect((await service.readWorkers({ text: '7' }, call)).faults).toMatchObject([{ code: 'unknown-device' }]);
});

it('passes on what the user chose in the dialog, or that they changed their mind', async () => {
  const request = { kind: 'folder', endings: [], title: 'Folder' } as const;
  expect(await openService('/data').choose({ ...request, endings: [] }, call)).toEqual({ path: '/data' });
  expect(await openService().choose({ ...request, endings: [] }, call)).toEqual({});
});
