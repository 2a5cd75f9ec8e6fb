/** A tracking server that runs. */
export interface DescribedServer {
  /** `http://127.0.0.1:5000`. */
  readonly url: string;
  /** Undefined where everybody is let in. */
  readonly token: string | undefined;
  /** Folder of its store. */
  readonly folder: string;
}

/** Any user will do: the server looks at the password. */
const USER = 'outerloop';

/** The server's address with the token in it, for a client that is told an address and nothing else. */
export function addressWithToken(url: string, token: string): string {
  return url.replace('://', `://${USER}:${encodeURIComponent(token)}@`);
}

/** What `outerloop mlflow serve` says: above all a line that is pasted as it is, after which any MLflow client works. */
export function describeServer({ url, token, folder }: DescribedServer, platform = process.platform): string {
  const variables = {
    MLFLOW_TRACKING_URI: url,
    ...(token === undefined ? {} : { MLFLOW_TRACKING_TOKEN: token }),
  };
  return [
    '',
    `  MLflow clients find this server at ${url}`,
    `  Its store is ${folder}`,
    '',
    '  Paste this where the client is started; any MLflow client then works:',
    ...setVariables(variables, platform).map((line) => `  ${line}`),
    '',
    ...(token === undefined
      ? ['  Every program and user of this machine can read and write it. Ctrl-C stops it.']
      : [
          '  A client that takes an address alone (it may show it where others read):',
          `  ${addressWithToken(url, token)}`,
          '',
          '  Only this machine can reach it, and only with the token. Ctrl-C stops it.',
        ]),
  ].join('\n');
}

/** One line for each shell of the platform. */
function setVariables(variables: Readonly<Record<string, string>>, platform: string): readonly string[] {
  const entries = Object.entries(variables);
  if (platform !== 'win32')
    return [`export ${entries.map(([name, value]) => `${name}=${quoteForShell(value)}`).join(' ')}`];
  return [
    `PowerShell: ${entries.map(([name, value]) => `$env:${name} = '${value.replaceAll("'", "''")}'`).join('; ')}`,
    `cmd:        ${entries.map(([name, value]) => `set "${name}=${value}"`).join(' & ')}`,
  ];
}

function quoteForShell(text: string): string {
  return /^[\w:/.,@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
