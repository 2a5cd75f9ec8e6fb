/** Where two values differ, one line each: the place, the first value, the second. */
export function describeDifferences(a: unknown, b: unknown, place = ''): string[] {
  if (Object.is(a, b)) return [];
  const areObjects = typeof a === 'object' && typeof b === 'object' && a !== null && b !== null;
  if (!areObjects) return [`${place}: ${show(a)} <> ${show(b)}`];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap((key) =>
    describeDifferences(Reflect.get(a, key), Reflect.get(b, key), place === '' ? key : `${place}.${key}`),
  );
}

const show = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 200);
