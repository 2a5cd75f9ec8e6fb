import { invalidParameter } from '../../../common/mlflow/error.ts';
import type { SearchLoggedModels } from '../../../common/mlflow/requests.ts';

/** A page's token holds what was searched for, so that it cannot go on with another search. */
export function makeModelToken(request: SearchLoggedModels, offset: number): string {
  return Buffer.from(JSON.stringify({ ...searchedFor(request), offset })).toString('base64');
}

function searchedFor({ experiment_ids, filter, order_by }: SearchLoggedModels): Record<string, unknown> {
  return {
    experiment_ids,
    filter_string: filter ?? null,
    order_by: order_by === undefined || order_by.length === 0 ? null : order_by,
  };
}

export function readModelToken(request: SearchLoggedModels): number {
  if (request.page_token === undefined || request.page_token === '') return 0;
  let token: Record<string, unknown>;
  try {
    token = JSON.parse(Buffer.from(request.page_token, 'base64').toString('utf8')) as Record<string, unknown>;
  } catch {
    throw invalidParameter(`Invalid page token: ${request.page_token}`);
  }
  const names = { experiment_ids: 'Experiment IDs', filter_string: 'Filter string', order_by: 'Order by' };
  for (const [key, wanted] of Object.entries(searchedFor(request))) {
    const found = JSON.stringify(token[key] ?? null);
    if (found !== JSON.stringify(wanted))
      throw invalidParameter(
        `${names[key as keyof typeof names]} in the page token do not match the request. Expected: ${JSON.stringify(wanted)}. Found: ${found}`,
      );
  }
  return typeof token['offset'] === 'number' ? token['offset'] : 0;
}
