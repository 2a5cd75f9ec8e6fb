/** What a terminal acts on: C0 (but tab and line feed), DEL and C1. */
// eslint-disable-next-line no-control-regex -- they are what it looks for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/** What turns the direction of text around, so that it reads as another. */
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const PICTURES = 0x2400;
const PICTURE_OF_DELETE = '\u2421';

/**
 * A text as a terminal may show it: names, choices and messages come from files of somebody else, and an escape sequence in
 * one could clear the screen, hide lines or worse. Control characters become pictures of themselves (`␛`), what turns the
 * direction of text becomes `�`; tabs and line feeds stay.
 */
export function makePrintable(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(CONTROLS, pictureOf).replace(DIRECTIONS, '\ufffd');
}

function pictureOf(control: string): string {
  const code = control.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(PICTURES + code);
  return code === 0x7f ? PICTURE_OF_DELETE : '\ufffd';
}
