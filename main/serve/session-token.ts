import { randomBytes, timingSafeEqual } from 'node:crypto';

/** One start of the server has one token. It comes in the URL once; from then on the browser has it as a cookie. */
export interface SessionToken {
  readonly text: string;
  matches(candidate: string | undefined): boolean;
}

const TOKEN_BYTES = 32;

export function makeSessionToken(): SessionToken {
  const text = randomBytes(TOKEN_BYTES).toString('base64url');
  const bytes = Buffer.from(text);
  return {
    text,
    matches(candidate) {
      const other = Buffer.from(candidate ?? '');
      return other.length === bytes.length && timingSafeEqual(other, bytes);
    },
  };
}
