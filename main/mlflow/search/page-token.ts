import { invalidParameter } from '../../../common/mlflow/error.ts';

/** The token of the page that begins at `offset`: opaque for clients, the same as MLflow's. */
export const makePageToken = (offset: number): string =>
  Buffer.from(`{"offset": ${offset}}`).toString('base64');

/** Where the page of a token begins; 0 without one. */
export function readPageToken(token: string | undefined): number {
  if (token === undefined || token === '') return 0;
  if (!/^[A-Za-z0-9+/\s]*={0,2}$/.test(token))
    throw invalidParameter('Invalid page token, could not base64-decode');
  const text = Buffer.from(token, 'base64').toString('utf8');
  const offset = readOffset(text);
  if (offset === undefined) throw invalidParameter(`Invalid page token, decoded value=${text}`);
  return offset;
}

function readOffset(text: string): number | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const offset =
      typeof value === 'object' && value !== null && 'offset' in value ? Number(value.offset) : NaN;
    return Number.isSafeInteger(offset) && offset >= 0 ? offset : undefined;
  } catch {
    return undefined;
  }
}
