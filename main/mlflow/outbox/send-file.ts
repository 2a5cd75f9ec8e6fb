import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ArtifactKind } from '../../../common/api/remotes.ts';
import type { UploadBody } from '../client/http-transport.ts';
import type { AllowList } from '../redact/allow-list.ts';
import { hasReadableText, reviewText } from '../redact/review-file.ts';
import type { FileDigests } from './file-digests.ts';
import type { LocalFile } from './local-runs.ts';

/** A file that was looked through: what of it may go, and the rule by which it or a part of it stays. */
export type PreparedFile =
  | { readonly rule: string }
  | {
      readonly upload: UploadBody;
      /** Of what is sent. */
      readonly sha256: string;
      readonly rule?: string;
    };

export interface PrepareParts {
  readonly allowList: AllowList;
  readonly digests: FileDigests;
  /** True for a model with this digest that was looked through before. */
  readonly isKnown: (sha256: string) => boolean;
  /** What a text is changed to before it is sent, once it was looked through. */
  readonly rewrite?: (text: string) => string;
}

/** Looks through a file; undefined for one that is gone meanwhile. @param as the path by which its kind is judged */
export async function prepareFile(
  { allowList, digests, isKnown, rewrite }: PrepareParts,
  { file, sizeBytes }: LocalFile,
  as: string,
): Promise<PreparedFile | undefined> {
  const verdict = allowList.judgeArtifact(as);
  if (!verdict.ok) return { rule: verdict.rule };
  const sha256 = await digests.digest(file);
  if (sha256 === undefined) return undefined;
  if (as.endsWith('.onnx') && !isKnown(sha256)) {
    const looked = await allowList.judgeModel(createReadStream(file));
    if (!looked.ok) return { rule: looked.rule };
  }
  if (!hasReadableText(as)) return { upload: { sizeBytes, open: () => createReadStream(file) }, sha256 };
  return prepareText(verdict.kind!, as, await readFile(file), allowList, rewrite);
}

function prepareText(
  kind: ArtifactKind,
  path: string,
  content: Buffer,
  allowList: AllowList,
  rewrite: ((text: string) => string) | undefined,
): PreparedFile {
  const text = content.toString('utf8');
  const review = reviewText(kind, path, text, allowList);
  if (review.send === 'nothing') return { rule: review.rule };
  const sent = review.send === 'text' ? review.text : text;
  // what was read is what is sent, at each try: the file may be another one by then
  const isAsItWas = review.send === 'file' && rewrite === undefined;
  const bytes = isAsItWas ? content : Buffer.from(rewrite?.(sent) ?? sent);
  return {
    ...(review.send === 'text' ? { rule: review.rule } : {}),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    upload: { sizeBytes: bytes.length, open: () => Readable.from([bytes]) },
  };
}
