import type { dataListApi } from '../../common/api/data-list.ts';
import type { MmarId } from '../../common/api/ids.ts';
import type { Handlers } from '../../common/rpc/contract.ts';
import { resolve } from 'node:path';
import { findNewCases } from '../mmar-files/find-new-cases.ts';
import { inspectFiles } from '../mmar-files/inspect-files.ts';
import {
  namesIn,
  openDataList,
  readCaseRows,
  readListText,
  surveySections,
} from '../mmar-files/survey-data-list.ts';

/** Looks through the data lists of MMARs. @param folderOf absolute path of an MMAR; throws a FaultError for an unknown one */
export function createDataListService(folderOf: (mmar: MmarId) => string): Handlers<typeof dataListApi> {
  return {
    survey: async ({ mmar }) => {
      const list = await openDataList(folderOf(mmar));
      const { listPath, inMmar, dataRoot, json } = list;
      return {
        listPath,
        inMmar,
        dataRoot,
        name: typeof json.name === 'string' ? json.name : undefined,
        modality: namesIn(json.modality),
        labels: namesIn(json.labels),
        ...(await surveySections(list)),
      };
    },
    cases: async ({ mmar, key, from, most }) =>
      readCaseRows(await openDataList(folderOf(mmar)), key, from, most),
    inspect: async ({ mmar, root, paths, withHeaders }) =>
      inspectFiles(resolve(folderOf(mmar), root), paths, withHeaders),
    find: async ({ mmar, root, source }) => findNewCases(resolve(folderOf(mmar), root), source),
    text: async ({ mmar }) => ({ text: await readListText(folderOf(mmar)) }),
  };
}
