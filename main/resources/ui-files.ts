import { randomBytes } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { contentSecurityPolicy } from './content-security.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};
const PAGE = 'index.html';
/** In the built page, replaced for every load: what styles that scripts add have to carry. */
const NONCE_MARK = '__NONCE__';
/** Built files carry their digest in their names. */
const HASHED_FOLDER = 'assets/';
/** Names as the build makes them: no way out of the folder, whatever a system takes for a separator. */
const BUILT_NAME = /^(?:[\w@-][\w.@-]*\/)*[\w@-][\w.@-]*$/;

/** Answers the window's own files from the folder that the build made; undefined for a file that it did not make. */
export async function answerUiFile(folder: string, path: string): Promise<Response | undefined> {
  const name = path === '/' ? PAGE : path.slice(1);
  const type = CONTENT_TYPES[extname(name)];
  if (type === undefined || !BUILT_NAME.test(name)) return undefined;
  const bytes = await readBuiltFile(join(folder, name));
  if (bytes === undefined) return undefined;
  return name === PAGE ? answerPage(bytes.toString('utf8'), type) : answerFile(bytes, type, name);
}

/** The build makes no links. */
async function readBuiltFile(file: string): Promise<Buffer | undefined> {
  try {
    return (await lstat(file)).isFile() ? await readFile(file) : undefined;
  } catch {
    return undefined;
  }
}

function answerPage(page: string, type: string): Response {
  const nonce = randomBytes(16).toString('base64');
  return new Response(page.replaceAll(NONCE_MARK, nonce), {
    headers: {
      'Content-Type': type,
      'Content-Security-Policy': contentSecurityPolicy(nonce),
      'Cache-Control': 'no-store',
    },
  });
}

function answerFile(bytes: Buffer, type: string, name: string): Response {
  return new Response(new Uint8Array(bytes), {
    headers: {
      'Content-Type': type,
      'Content-Length': String(bytes.byteLength),
      'Cache-Control': name.startsWith(HASHED_FOLDER) ? 'private, max-age=31536000, immutable' : 'no-store',
    },
  });
}
