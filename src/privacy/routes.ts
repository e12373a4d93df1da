import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ViewerOf } from '../organization/viewer.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { retentionInput, retentionPreview } from './contract.ts';
import { previewRetention } from './preview-retention.ts';

export interface PrivacyRoutesDeps {
  db: Database;
  clock: Clock;
  viewerOf: ViewerOf;
}

export function privacyRoutes(deps: PrivacyRoutesDeps): FastifyPluginAsyncZod {
  const tags = ['Privacy'];
  return async (app) => {
    app.post(
      '/privacy/retention',
      {
        schema: {
          tags,
          summary: 'What the next night would delete if calls were kept so long; changes nothing',
          body: retentionInput,
          response: { 200: retentionPreview },
        },
      },
      (request) => previewRetention(deps, deps.viewerOf(request), request.body),
    );
  };
}
