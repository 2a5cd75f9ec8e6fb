import { resolve } from 'node:path';
import { invalidParameter } from '../../../common/mlflow/error.ts';
import { MLFLOW_LIMITS } from '../../../common/mlflow/limits.ts';
import { checkLength } from '../validation/names.ts';

/**
 * Where an experiment keeps its artifacts, as it is stored: a URI as it was given, a path of this machine whole, since
 * clients run in other folders.
 *
 * @throws {MLflowError} INVALID_PARAMETER_VALUE for what MLflow refuses.
 */
export function resolveLocation(location: string): string {
  checkLocation(location);
  const isUri = /^[a-z][a-z0-9+.-]+:/i.test(location);
  return isUri ? location : resolve(location);
}

function checkLocation(location: string): void {
  if (location.startsWith('runs:'))
    throw invalidParameter(`Artifact location cannot be a runs:/ URI. Given: '${location}'`);
  if (/[#;]/.test(location))
    throw invalidParameter("'artifact_location' URL can't include fragments or params.");
  if (/\?.*(\.\.|%2e%2e)/i.test(location))
    throw invalidParameter(`Invalid query string: ${location.slice(location.indexOf('?') + 1)}`);
  checkLength('artifact_location', MLFLOW_LIMITS.artifactLocationLength, location);
}
