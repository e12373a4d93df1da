import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { PhoneSystemDeps } from './change-phone-system.ts';
import { callerTemplate } from './contract.ts';
import { makeCallerTemplate } from './make-caller-template.ts';
import type { ViewerOf } from './viewer.ts';

export interface CallerTemplateRoutesDeps extends PhoneSystemDeps {
  viewerOf: ViewerOf;
  /** The address of a page or hook of this hub as others reach it. */
  urlOf(request: object, path: string): string;
}

/** The file that makes a phone system ask us who calls. */
export function callerTemplateRoutes(deps: CallerTemplateRoutesDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/phone-systems/:id/caller-template',
      {
        schema: {
          tags: ['Phone systems'],
          summary:
            "Make the phone system's CRM template (3CX); the address in an older one stops at once",
          params: z.object({ id: z.uuid() }),
          response: { 201: callerTemplate },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const urlOf = deps.urlOf.bind(null, request);
        const file = await makeCallerTemplate(deps, deps.viewerOf(request), id, urlOf);
        return reply.code(201).send(file);
      },
    );
  };
}
