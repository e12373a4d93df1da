import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { exportPeople, importPeople, matchEmails, previewImport } from './import-people.ts';
import {
  emailMatches,
  importDone,
  importInput,
  importPreview,
  importPreviewInput,
} from './people-csv-contract.ts';
import { invitationsCsv } from './people-csv.ts';
import type { OrganizationRoutesDeps } from './routes.ts';

/** People as CSV, out and in, and who has the e-mail address of a CRM user. */
export function peopleCsvRoutes(deps: OrganizationRoutesDeps): FastifyPluginAsyncZod {
  const tags = ['Organization'];
  // A million characters of UTF-8, escaped.
  const bodyLimit = 4 * 1024 * 1024;
  return async (app) => {
    app.get(
      '/people.csv',
      {
        schema: {
          tags,
          summary: 'Everybody as CSV',
          produces: ['text/csv'],
          response: { 200: z.string() },
        },
      },
      async (request, reply) => {
        const text = await exportPeople(deps, deps.viewerOf(request));
        return reply
          .header('content-disposition', 'attachment; filename="ringside-people.csv"')
          .type('text/csv; charset=utf-8')
          .send(text);
      },
    );

    app.post(
      '/people/import/preview',
      {
        schema: {
          tags,
          summary: 'What an import of people would do; changes nothing',
          body: importPreviewInput,
          response: { 200: importPreview },
        },
        bodyLimit,
      },
      (request) => previewImport(deps, deps.viewerOf(request), request.body.csv),
    );

    app.post(
      '/people/import',
      {
        schema: {
          tags,
          summary: 'Create and change people as a CSV file says, all or nothing',
          body: importInput,
          response: { 200: importDone },
        },
        bodyLimit,
      },
      async (request) => {
        const { viewerOf, urlOf } = deps;
        const { invitations, ...counts } = await importPeople(
          deps,
          viewerOf(request),
          request.body,
        );
        const links = invitations.map(({ name, email, token }) => {
          const url = urlOf(request, `/invite/${token}`);
          return { name, email, url };
        });
        return { ...counts, invitations: links, invitationsCsv: invitationsCsv(links) };
      },
    );

    app.get(
      '/connections/:id/email-matches',
      {
        schema: {
          tags,
          summary: 'CRM users that have the e-mail address of a person',
          params: z.object({ id: z.uuid() }),
          response: { 200: emailMatches },
        },
      },
      (request) => matchEmails(deps, deps.viewerOf(request), request.params.id),
    );
  };
}
