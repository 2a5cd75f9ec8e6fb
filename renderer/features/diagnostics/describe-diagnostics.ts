import type { Diagnostics } from '../../../common/api/system.ts';
import { formatBytes } from '../../ui/format.ts';

/** The whole page as text, to be sent to whoever helps. Main has taken homes and user names out of it. */
export function describeDiagnostics(found: Diagnostics, browser: string): string {
  const { machine } = found;
  return [
    section('Versions', [
      ...found.versions.map(({ name, version }) => `${name} ${version}`),
      `Window: ${browser}`,
    ]),
    section('Machine', [
      machine.system,
      `${machine.processor}, ${machine.cores} cores`,
      `${formatBytes(machine.memoryBytes)} of memory, ${formatBytes(machine.freeMemoryBytes)} free`,
      ...found.gpus.map(({ id, name, memoryMib }) => {
        const memory = memoryMib === undefined ? '' : `, ${formatBytes(memoryMib * 1024 ** 2)}`;
        return `GPU ${id}: ${name}${memory}`;
      }),
    ]),
    section('Execution providers', [
      ...(found.providersProblem === undefined ? [] : [`Could not be asked: ${found.providersProblem}`]),
      ...found.providers.map(({ name, isAvailable, lacks }) =>
        isAvailable ? `${name}: available` : `${name}: lacks ${lacks.join('; ')}`,
      ),
    ]),
    section(
      'Disks',
      found.disks.map(
        ({ holds, place, freeBytes, totalBytes }) =>
          `${holds} (${place}): ${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} free`,
      ),
    ),
    section(
      'Errors inside the program since it was started',
      found.defects.length === 0
        ? ['none']
        : found.defects.map(
            ({ at, correlation, operation, message }) => `${at} ${correlation} ${operation}: ${message}`,
          ),
    ),
  ].join('\n\n');
}

function section(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => `  ${line}`)].join('\n');
}
