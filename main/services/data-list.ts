import type { dataListApi } from '../../common/api/data-list.ts';
import type { MmarId } from '../../common/api/ids.ts';
import type { Handlers } from '../../common/rpc/contract.ts';
import { namesIn, openDataList, readCaseRows, surveySections } from '../mmar-files/survey-data-list.ts';

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
  };
}
