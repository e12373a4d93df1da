import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { ViewerOf } from '../organization/viewer.ts';
import { retentionInput, retentionPreview } from './contract.ts';
import { previewRetention } from './preview-retention.ts';
import { eraseCaller, exportTraces, summarizeTraces } from './trace-caller.ts';
import type { TraceDeps } from './trace-caller.ts';
import { eraseInput, traceExport, traceQuery, traceSummary } from './trace-contract.ts';

export interface PrivacyRoutesDeps extends TraceDeps {
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

    app.post(
      '/privacy/traces',
      {
        schema: {
          tags,
          summary: 'What is held of a caller, in numbers',
          body: traceQuery,
          response: { 200: traceSummary },
        },
      },
      (request) => summarizeTraces(deps, deps.viewerOf(request), request.body.who),
    );

    app.post(
      '/privacy/traces/export',
      {
        schema: {
          tags,
          summary: 'All that is held of a caller',
          body: traceQuery,
          response: { 200: traceExport },
        },
      },
      (request) => exportTraces(deps, deps.viewerOf(request), request.body.who),
    );

    app.post(
      '/privacy/traces/erase',
      {
        schema: {
          tags,
          summary: 'Erases all that is held of a caller; what the CRM holds stays',
          body: eraseInput,
          response: { 200: traceSummary },
        },
      },
      (request) => eraseCaller(deps, deps.viewerOf(request), request.body),
    );
  };
}
