import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

/** How much room V8 keeps for new objects after many were made, of which some stay for a while. */
function measureRoomMb(isSmall: boolean): number {
  const program = `
    import { getHeapSpaceStatistics } from 'node:v8';
    const { keepHeapSmall } = await import(${JSON.stringify(resolve('main/node/keep-heap-small.js'))});
    if (${isSmall}) keepHeapSmall();
    for (let round = 0; round < 20; round += 1) {
      const kept = [];
      for (let at = 0; at < 100_000; at += 1) kept.push({ at, half: at / 2 });
    }
    console.log(getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '--eval', program])) / 1e6;
}

it('keeps the room for new objects as small as it is at the start', () => {
  expect(measureRoomMb(true)).toBeLessThan(8);
  expect(measureRoomMb(false)).toBeGreaterThan(16);
});
