import type { SchemaName } from '../mmar/json-schemas.ts';

/** What a file of an MMAR is to the editor: which schema it has, and which form. */
export type DocumentKind = Exclude<SchemaName, 'train_stats'> | 'json' | 'text';

/**
 * The kind of a file, by its name alone.
 *
 * @param dataListPath where the MMAR's data list stands, when it is one of its files
 */
export function documentKind(path: string, dataListPath?: string): DocumentKind {
  if (path === dataListPath) return 'data_list';
  const name = /^config\/([^/]+)[.]json$/.exec(path)?.[1];
  if (name === 'environment') return 'environment';
  if (name?.startsWith('config_automl') === true) return 'config_automl';
  if (name !== undefined && /^config_(validation|inference)/.test(name)) return 'config_evaluation';
  if (name?.startsWith('config_train') === true || name?.startsWith('trn_') === true) return 'config_train';
  return path.endsWith('.json') ? 'json' : 'text';
}
