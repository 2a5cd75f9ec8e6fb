import { randomBytes } from 'node:crypto';

/** A page for whoever comes without the token, with the headers that only it needs. */
export interface EntryPage {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Says where the token is, and takes it. It holds nothing of the app: whoever has no token gets no file of it. */
export function makeEntryPage(): EntryPage {
  const nonce = randomBytes(16).toString('base64');
  return {
    html: PAGE.replace('NONCE', nonce),
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': [
        "default-src 'none'",
        `style-src 'nonce-${nonce}'`,
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ].join('; '),
    },
  };
}

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<title>Outerloop</title>
<style nonce="NONCE">
:root { color-scheme: dark light; font: 15px/1.5 system-ui, sans-serif; }
body { display: grid; place-items: center; min-height: 90vh; margin: 0; padding: 1rem; }
main { max-width: 34rem; }
h1 { font-size: 1.25rem; }
form { display: flex; gap: .5rem; margin-top: 1.25rem; }
input { flex: 1; min-width: 0; }
input, button { padding: .5rem .75rem; font: inherit; }
code { font-size: .9em; }
</style>
</head>
<body>
<main>
<h1>This browser has no key to Outerloop</h1>
<p>This window has no token, or one of an earlier start. Open the address that <code>outerloop serve</code> printed in its
terminal, or paste it here.</p>
<form method="get" action="/">
<input name="token" required autofocus autocomplete="off" spellcheck="false" aria-label="Address or token" placeholder="http://127.0.0.1:…/?token=…">
<button>Open</button>
</form>
</main>
</body>
</html>
`;
