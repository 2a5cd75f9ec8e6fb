import type { OuterloopClient } from '../../../common/api/index.ts';

/** What the editor asks of main. */
export type EditorApi = Pick<OuterloopClient, 'files' | 'dataList' | 'checks'>;
