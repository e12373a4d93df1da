import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { phoneSystemKinds } from '../telephony/registry.ts';
import { callerTemplateRoutes } from './caller-template-routes.ts';
import {
  addPhoneSystem,
  changePhoneSystem,
  deletePhoneSystem,
  renewPhoneSystemToken,
} from './change-phone-system.ts';
import type { PhoneSystemDeps, PhoneSystemWithToken } from './change-phone-system.ts';
import {
  phoneSystemChange,
  phoneSystemCreated,
  phoneSystemInput,
  phoneSystemKindViews,
  phoneSystemRow,
  phoneSystemTest,
} from './contract.ts';
import { presentPhoneSystem } from './present.ts';
import { testPhoneSystem } from './test-phone-system.ts';
import { requireRole } from './viewer.ts';
import type { ViewerOf } from './viewer.ts';

export interface PhoneSystemRoutesDeps extends PhoneSystemDeps {
  viewerOf: ViewerOf;
  /** The address of a page or hook of this hub as others reach it. */
  urlOf(request: object, path: string): string;
}

/** The organization's phone systems. */
export function phoneSystemRoutes(deps: PhoneSystemRoutesDeps): FastifyPluginAsyncZod {
  const tags = ['Phone systems'];
  const params = z.object({ id: z.uuid() });
  const present = (request: object, { phoneSystem, token }: PhoneSystemWithToken) => ({
    phoneSystem: presentPhoneSystem(phoneSystem),
    hookUrl: token === null ? '' : deps.urlOf(request, `/hooks/phone/${token}`),
  });
  return async (app) => {
    await app.register(callerTemplateRoutes(deps));

    app.get(
      '/phone-system-kinds',
      {
        schema: {
          tags,
          summary: 'Kinds of phone systems and their settings',
          response: { 200: phoneSystemKindViews },
        },
      },
      async (request) => {
        requireRole(deps.viewerOf(request), 'administrator');
        return kindViews();
      },
    );

    app.post(
      '/phone-systems/:id/test',
      {
        schema: {
          tags,
          summary: 'Connect once and walk the steps',
          params,
          response: { 200: phoneSystemTest },
        },
      },
      (request) => testPhoneSystem(deps, deps.viewerOf(request), request.params.id),
    );

    app.post(
      '/phone-systems',
      {
        schema: {
          tags,
          summary: 'Add a phone system; its webhook URL is shown once',
          body: phoneSystemInput,
          response: { 201: phoneSystemCreated },
        },
      },
      async (request, reply) =>
        reply
          .code(201)
          .send(present(request, await addPhoneSystem(deps, deps.viewerOf(request), request.body))),
    );

    app.post(
      '/phone-systems/:id/token',
      {
        schema: {
          tags,
          summary: 'Make a new webhook URL; the old one stops at once',
          params,
          response: { 201: phoneSystemCreated },
        },
      },
      async (request, reply) => {
        const renewed = await renewPhoneSystemToken(
          deps,
          deps.viewerOf(request),
          request.params.id,
        );
        return reply.code(201).send(present(request, renewed));
      },
    );

    app.put(
      '/phone-systems/:id',
      {
        schema: {
          tags,
          summary: 'Rename, sign or unsign, change the settings',
          params,
          body: phoneSystemChange,
          response: { 200: phoneSystemRow },
        },
      },
      async (request) =>
        presentPhoneSystem(
          await changePhoneSystem(deps, deps.viewerOf(request), request.params.id, request.body),
        ),
    );

    app.delete(
      '/phone-systems/:id',
      { schema: { tags, summary: 'Delete a phone system', params, response: { 204: z.null() } } },
      async (request, reply) => {
        await deletePhoneSystem(deps, deps.viewerOf(request), request.params.id);
        return reply.code(204).send(null);
      },
    );
  };
}

/** Kinds that can be added: those that call us and those that we connect to. */
function kindViews() {
  return phoneSystemKinds
    .filter((known) => known.link || known.readHook)
    .map(({ kind, title, link }) => ({
      kind,
      title,
      guide: link?.guide ?? [],
      fields: link?.fields ?? [],
    }));
}
