import { randomBytes, timingSafeEqual } from 'node:crypto';

/** Lets into one server. It comes in the URL once; from then on the browser has it as a cookie. */
export interface SessionToken {
  readonly text: string;
  matches(candidate: string | undefined): boolean;
}

const TOKEN_BYTES = 32;
const TOKEN_TEXT = /^[A-Za-z0-9_-]{43}$/;

/** @param text default: a new one of 256 random bits */
export function makeSessionToken(text = randomBytes(TOKEN_BYTES).toString('base64url')): SessionToken {
  const bytes = Buffer.from(text);
  return {
    text,
    matches(candidate) {
      const other = Buffer.from(candidate ?? '');
      return other.length === bytes.length && timingSafeEqual(other, bytes);
    },
  };
}

/** Whether a text can have been made by {@link makeSessionToken}. */
export const isSessionToken = (text: string): boolean => TOKEN_TEXT.test(text);
