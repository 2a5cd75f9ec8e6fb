/** A device in the notation of workers: the id of a GPU, or the CPU. */
export const CPU_DEVICE = 'cpu';

/**
 * Jobs at a time on each device, where every worker owns one: `0:0:1` are two on GPU 0 and one on GPU 1. Undefined where a
 * worker owns several, or the text means no workers.
 */
export function countWorkers(text: string): ReadonlyMap<string, number> | undefined {
  const parts = text.split(':').map((part) => part.trim());
  if (!parts.every((part) => /^(\d+|cpu)$/.test(part))) return undefined;
  const counts = new Map<string, number>();
  for (const part of parts) counts.set(part, (counts.get(part) ?? 0) + 1);
  return counts;
}

/**
 * The workers of these counts. Their order decides who gets the first jobs: one of each device before a second of any.
 * Empty for counts of nothing.
 */
export function writeWorkers(counts: ReadonlyMap<string, number>): string {
  const most = Math.max(0, ...counts.values());
  const rounds = Array.from({ length: most }, (_, round) =>
    [...counts].filter(([, count]) => count > round).map(([device]) => device),
  );
  return rounds.flat().join(':');
}
