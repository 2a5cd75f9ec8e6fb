/**
 * Why a call to a tracking server failed. `unreachable`: no connection, or it broke; `timeout`: no answer in time; `tls`:
 * the certificate is not trusted; `refused`: 401 or 403; `answer`: any other answer that is no success; `not-mlflow`: an
 * answer that no tracking server gives.
 */
export type TrackingFailureKind = 'unreachable' | 'timeout' | 'tls' | 'refused' | 'answer' | 'not-mlflow';

/** A call that failed, after all its attempts. */
export class TrackingFailure extends Error {
  readonly kind: TrackingFailureKind;
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** MLflow's own code, e.g. `RESOURCE_DOES_NOT_EXIST`. */
  readonly errorCode: string | undefined;
  /** What the server asked to wait for, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** True when there was no connection at all: the server cannot have carried anything out. */
  readonly isUnsent: boolean;

  constructor(
    kind: TrackingFailureKind,
    message: string,
    details: { status?: number; errorCode?: string; retryAfterMs?: number; isUnsent?: boolean } = {},
  ) {
    super(message);
    this.name = 'TrackingFailure';
    this.kind = kind;
    this.status = details.status;
    this.errorCode = details.errorCode;
    this.retryAfterMs = details.retryAfterMs;
    this.isUnsent = details.isUnsent ?? kind === 'tls';
  }

  /** True when the same call may succeed later: no connection, no answer, 408, 429, 5xx. */
  get isPassing(): boolean {
    if (this.kind === 'unreachable' || this.kind === 'timeout') return true;
    const { status } = this;
    // 501 is MLflow's "this server cannot do that"
    return status !== undefined && (status === 408 || status === 429 || (status >= 500 && status !== 501));
  }
}

/** The failure that an answer means. `body` is its text. */
export function failureOfAnswer(
  status: number,
  body: string,
  retryAfter: string | undefined,
  now: number,
): TrackingFailure {
  const { errorCode, message } = readErrorBody(body);
  const retryAfterMs = parseRetryAfter(retryAfter, now);
  const details = {
    status,
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
  const said = message === undefined ? '' : `: ${message}`;
  if (status === 401)
    return new TrackingFailure('refused', `the server refused the credentials (401)${said}`, details);
  if (status === 403) return new TrackingFailure('refused', `the server forbids this (403)${said}`, details);
  return new TrackingFailure(
    'answer',
    `the server answered ${status} ${errorCode ?? ''}`.trim() + said,
    details,
  );
}

/** `Retry-After`: seconds, or a date; undefined for neither. */
export function parseRetryAfter(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text.trim())) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Codes of connections that were never made. */
const UNSENT = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/;

/** Certificate problems have codes of OpenSSL's; everything else is a connection that failed. */
export function failureOfError(error: unknown): TrackingFailure {
  if (error instanceof TrackingFailure) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|EPROTO|ERR_SSL/.test(code))
    return new TrackingFailure('tls', `the server's certificate is not trusted (${code})`);
  const isUnsent = UNSENT.test(code);
  return new TrackingFailure(
    'unreachable',
    `no connection to the server (${code === '' ? 'broken' : code})`,
    {
      isUnsent,
    },
  );
}

function readErrorBody(body: string): { readonly errorCode?: string; readonly message?: string } {
  try {
    const { error_code: errorCode, message } = JSON.parse(body) as Record<string, unknown>;
    return {
      ...(typeof errorCode === 'string' ? { errorCode } : {}),
      ...(typeof message === 'string' ? { message: message.slice(0, 500) } : {}),
    };
  } catch {
    return {};
  }
}
