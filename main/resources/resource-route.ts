/** Bodies above this are answered with 413 unless the route says otherwise. */
export const DEFAULT_MAX_BODY_BYTES = 64 * 1024 ** 2;

/** Answers what is no JSON: volumes, thumbnails, downloads, uploads. Its paths begin with `/resource/<noun>/`. */
export interface ResourceRoute {
  /** `volumes` for `/resource/volumes/...`. */
  readonly noun: string;
  /** The largest body that it takes; default {@link DEFAULT_MAX_BODY_BYTES}. */
  readonly maxBodyBytes?: number;
  /**
   * @param segments the decoded parts of the path after the noun
   * @returns the answer; a FaultError that is thrown becomes 404 (file-missing), 400 (others) with its faults as JSON
   */
  handle(request: Request, segments: readonly string[]): Promise<Response>;
}
