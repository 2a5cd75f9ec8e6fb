/** MLflow's error codes that a tracking server answers with, and the HTTP status of each. */
export const MLFLOW_HTTP_STATUS = {
  INTERNAL_ERROR: 500,
  INVALID_STATE: 500,
  NOT_IMPLEMENTED: 501,
  TEMPORARILY_UNAVAILABLE: 503,
  REQUEST_LIMIT_EXCEEDED: 429,
  RESOURCE_EXHAUSTED: 429,
  ABORTED: 409,
  RESOURCE_CONFLICT: 409,
  ALREADY_EXISTS: 409,
  NOT_FOUND: 404,
  ENDPOINT_NOT_FOUND: 404,
  RESOURCE_DOES_NOT_EXIST: 404,
  PERMISSION_DENIED: 403,
  CUSTOMER_UNAUTHORIZED: 401,
  UNAUTHENTICATED: 401,
  BAD_REQUEST: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  INVALID_PARAMETER_VALUE: 400,
} as const;

export type MLflowErrorCode = keyof typeof MLFLOW_HTTP_STATUS;

/** A request that MLflow's rules refuse: `code` decides the HTTP status, `message` is for the user of the client. */
export class MLflowError extends Error {
  readonly code: MLflowErrorCode;

  constructor(code: MLflowErrorCode, message: string) {
    super(message);
    this.name = 'MLflowError';
    this.code = code;
  }

  get httpStatus(): number {
    return MLFLOW_HTTP_STATUS[this.code];
  }
}

/** The most frequent refusal: a value that is not allowed. */
export const invalidParameter = (message: string): MLflowError =>
  new MLflowError('INVALID_PARAMETER_VALUE', message);

/** Something that is not there. */
export const doesNotExist = (message: string): MLflowError =>
  new MLflowError('RESOURCE_DOES_NOT_EXIST', message);
