/** What the page's policy wants on style sheets that a script adds; CodeMirror adds one. */
export function cspNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}
