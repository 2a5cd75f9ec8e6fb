/** How the lines of a file end, and whether it begins with a byte order mark: kept apart from the text that is edited. */
export interface FileForm {
  readonly lineEnd: '\n' | '\r\n';
  readonly hasMark: boolean;
}

/** Takes a file's text apart. Line ends of several kinds in one file are left as they are. */
export function decodeText(raw: string): { readonly text: string; readonly form: FileForm } {
  const hasMark = raw.startsWith('\ufeff');
  const body = hasMark ? raw.slice(1) : raw;
  const all = body.split('\n').length - 1;
  const windows = body.split('\r\n').length - 1;
  const isWindows = all > 0 && windows === all;
  return {
    text: isWindows ? body.replaceAll('\r\n', '\n') : body,
    form: { lineEnd: isWindows ? '\r\n' : '\n', hasMark },
  };
}

/** The reverse: what is written to the disk. */
export function encodeText(text: string, { lineEnd, hasMark }: FileForm): string {
  const body = lineEnd === '\n' ? text : text.replaceAll('\n', lineEnd);
  return hasMark ? `\ufeff${body}` : body;
}
