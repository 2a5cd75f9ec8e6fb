import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { FaultError, unwrap } from '../../common/fault.ts';
import { openText } from '../../common/mmar-edit/edit-json.ts';
import { outlineDataList } from '../../common/mmar-edit/outline-data-list.ts';
import {
  planSplit,
  writeSplit,
  type PlannedSplit,
  type SplitRequest,
} from '../../common/mmar-edit/split-sections.ts';
import { applyEdits } from '../../common/mmar-edit/text-edit.ts';
import { keysByUse } from '../../common/mmar/data-list-use.ts';
import { parseJsonObject } from '../../common/mmar/parse-json.ts';
import { withFileFaults } from '../node/file-fault.ts';
import { writeAtomic } from '../node/write-atomic.ts';
import { refuseList, refuseShares } from './make-data-list.ts';

export interface ListSplitRequest extends SplitRequest {
  /** Absolute path of the list that is split anew. */
  readonly list: string;
  /** Absolute path of the list to be; the list itself when left out. */
  readonly file?: string;
  /** Replace a list that is there. */
  readonly replace?: boolean;
}

/** A list that was split anew. */
export interface SplitList extends Omit<PlannedSplit, 'sections'> {
  /** Absolute path. */
  readonly file: string;
}

/**
 * Splits the labelled cases of a data list anew. What a split is not about stays in the file as it is.
 *
 * @throws FaultError `already-exists` without leave to replace, `data-list` for cases whose patient the rule does not tell,
 *   `data-list-empty` for a list without labelled cases
 */
export async function splitDataList(request: ListSplitRequest): Promise<SplitList> {
  const { list, file = list, replace = false, validation, test } = request;
  refuseShares(validation, test);
  if (!replace) await refuseList(file);
  const name = basename(list);
  const text = await withFileFaults(name, () => readFile(list, 'utf8'));
  const json = unwrap(parseJsonObject(text, name));
  const { train, validate, infer } = keysByUse({});
  const keys = { training: train, validation: validate, test: infer };
  const planned = unwrap(planSplit(outlineDataList(json, {}), keys, request));
  if (planned.counts.training === 0)
    throw new FaultError({
      code: 'data-list-empty',
      file: name,
      message: 'The list has no labelled cases for training or validation.',
      allowed: `cases with a label under ${train} or ${validate}`,
    });
  const written = applyEdits(text, writeSplit(openText(text), planned, request));
  await withFileFaults(basename(file), () => writeAtomic(file, written));
  return { file, counts: planned.counts, patients: planned.patients };
}
