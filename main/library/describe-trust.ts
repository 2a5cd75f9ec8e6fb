import type { CodeFile, TrustState, TrustView } from '../../common/api/library.ts';
import type { TrustStore, TrustView as StoredView } from '../mmar/trust/trust-store.ts';

const STATES = {
  'no-code': 'needless',
  trusted: 'trusted',
  changed: 'changed',
  revoked: 'untrusted',
  unknown: 'untrusted',
} as const satisfies Record<StoredView['state'], TrustState>;

/** Whether the code of an MMAR is trusted, as cards say it. */
export async function readTrustState(store: TrustStore, mmarRoot: string): Promise<TrustState> {
  return STATES[(await store.view(mmarRoot)).state];
}

/** What the window shows before somebody decides. */
export function describeTrust({ state, digest, files, record, changes }: StoredView): TrustView {
  const change = (path: string): CodeFile['change'] => {
    if (changes?.added.includes(path)) return 'added';
    return changes?.changed.includes(path) ? 'changed' : 'same';
  };
  return {
    state: STATES[state],
    isRevoked: state === 'revoked',
    digest,
    files: [
      ...files.map(({ path, sizeBytes }) => ({ path, sizeBytes, change: change(path) })),
      ...(changes?.gone ?? []).map((path) => ({ path, sizeBytes: 0, change: 'gone' as const })),
    ],
    ...(record === undefined
      ? {}
      : {
          decision: {
            by: record.by,
            at: record.at,
            ...(record.note === undefined ? {} : { note: record.note }),
          },
        }),
  };
}
