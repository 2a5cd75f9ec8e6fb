import { PINNED_MLFLOW } from '../../store/schema.ts';
import { TextAnswer } from '../http/answer.ts';
import type { Route } from '../http/route.ts';

/** What a client asks before anything else. */
export const SERVER_INFO_ROUTES: readonly Route[] = [
  { methods: ['GET'], path: 'health', prefixes: ['/'], isOpen: true, answer: () => new TextAnswer('OK') },
  {
    methods: ['GET'],
    path: 'version',
    prefixes: ['/'],
    isOpen: true,
    answer: () => new TextAnswer(PINNED_MLFLOW),
  },
  {
    methods: ['GET'],
    path: 'mlflow/server-info',
    prefixes: ['/api/3.0/', '/ajax-api/3.0/'],
    answer: () => ({
      store_type: 'SqlStore',
      workspaces_enabled: false,
      trace_archival_enabled: false,
      multipart_uploads_enabled: true,
      multipart_downloads_enabled: false,
      presigned_upload_run_id_supported: true,
      presigned_upload_model_id_supported: true,
      features_enabled: { gateway: false },
    }),
  },
];
