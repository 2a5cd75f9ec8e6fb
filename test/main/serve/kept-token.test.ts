import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepToken } from '../../../main/serve/kept-token.ts';
import { makeSessionToken } from '../../../main/serve/session-token.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outerloop-token-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the token of a chosen port', () => {
  it('is the same at the next start, and another one for another port', () => {
    const { text } = keepToken(folder, 8642);
    expect(keepToken(folder, 8642).text).toBe(text);
    expect(keepToken(folder, 8643).text).not.toBe(text);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('lies in a file that only the user may read', () => {
    keepToken(folder, 8642);
    if (process.platform !== 'win32')
      expect(statSync(join(folder, 'serve-8642.token')).mode & 0o777).toBe(0o600);
  });

  it.each(['', 'short', 'a'.repeat(44), 'ä'.repeat(43)])('is made anew when the file holds %j', (text) => {
    const file = join(folder, 'serve-8642.token');
    writeFileSync(file, text);
    chmodSync(file, 0o644);
    expect(keepToken(folder, 8642).text).toMatch(/^[\w-]{43}$/);
    expect(readFileSync(file, 'utf8').trim()).toBe(keepToken(folder, 8642).text);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe('a session token', () => {
  it('has 256 bits and matches itself alone', () => {
    const token = makeSessionToken();
    expect(Buffer.from(token.text, 'base64url')).toHaveLength(32);
    expect(makeSessionToken().text).not.toBe(token.text);
    expect(token.matches(token.text)).toBe(true);
    for (const other of [undefined, '', token.text.slice(1), `${token.text}a`, makeSessionToken().text])
      expect(token.matches(other)).toBe(false);
  });
});
