import { expect, it } from 'vitest';
import { describeDiagnostics } from '../../../../renderer/features/diagnostics/describe-diagnostics.ts';

it('writes all that the page shows', () => {
  const text = describeDiagnostics(
    {
      versions: [{ name: 'Outerloop', version: '0.1.0' }],
      machine: { system: 'Linux 6', processor: 'A CPU', cores: 2, memoryBytes: 16e9, freeMemoryBytes: 8e9 },
      gpus: [{ id: '0', name: 'A GPU', memoryMib: 8192 }],
      providers: [
        { name: 'cpu', isAvailable: true, lacks: [] },
        { name: 'cuda', isAvailable: false, lacks: ['a.so', 'b.so'] },
      ],
      disks: [{ holds: 'MMARs', place: '~/MMARs', freeBytes: 5e9, totalBytes: 10e9 }],
      defects: [
        { at: '2026-01-01T00:00:00.000Z', correlation: 'ab12', operation: 'runs.list', message: 'oh' },
      ],
    },
    'Chrome/156',
  );
  expect(text).toBe(`Versions
  Outerloop 0.1.0
  Window: Chrome/156

Machine
  Linux 6
  A CPU, 2 cores
  16.0 GB of memory, 8.0 GB free
  GPU 0: A GPU, 8.6 GB

Execution providers
  cpu: available
  cuda: lacks a.so; b.so

Disks
  MMARs (~/MMARs): 5.0 GB of 10.0 GB free

Errors inside the program since it was started
  2026-01-01T00:00:00.000Z ab12 runs.list: oh`);
});
