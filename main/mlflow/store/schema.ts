import { join } from 'node:path';

/** The MLflow whose database schema the store has: `mlflow server` of this version opens it as it is. */
export const PINNED_MLFLOW = '3.17.2';

/** The schema's revision, as that MLflow's migrations name it. The store writes to no other. */
export const SCHEMA_REVISION = 'dc11669786a5';

/** The schema as SQL, made by the real MLflow: `node scripts/make-mlflow-template.ts`. */
export const SCHEMA_FILE = join(import.meta.dirname, 'template', 'mlflow-schema.sql');
