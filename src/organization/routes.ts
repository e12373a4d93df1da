import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Clock } from '../platform/clock.ts';
import {
  invitationCreated,
  me,
  organizationInput,
  organizationView,
  personCreated,
  personInput,
} from './contract.ts';
import { invitePerson, renewInvitation, sendInvitation } from './invite-person.ts';
import { resetSecondFactor } from './reset-second-factor.ts';
import { saveOrganization } from './save-organization.ts';
import { viewMe } from './view-me.ts';
import { viewOrganization, viewPerson } from './view-organization.ts';
import type { OrganizationDeps } from './view-organization.ts';
import type { ViewerOf } from './viewer.ts';

export interface OrganizationRoutesDeps extends OrganizationDeps {
  clock: Clock;
  viewerOf: ViewerOf;
  /** The address of a page or hook of this hub as others reach it. */
  urlOf(request: object, path: string): string;
}

/** Me, Manage Organization and its people. */
export function organizationRoutes(deps: OrganizationRoutesDeps): FastifyPluginAsyncZod {
  const tags = ['Organization'];
  const params = z.object({ id: z.uuid() });
  const invitationUrl = (request: object, token: string) => deps.urlOf(request, `/invite/${token}`);
  return async (app) => {
    app.get(
      '/me',
      {
        schema: { tags, summary: 'Who is signed in', response: { 200: me } },
        config: { withoutSecondFactor: true, aboutViewer: true },
      },
      (request) => viewMe(deps, deps.viewerOf(request)),
    );

    app.get(
      '/organization',
      {
        schema: {
          tags,
          summary: 'Everything Manage Organization shows',
          response: { 200: organizationView },
        },
        config: { keyScope: 'organization:read' },
      },
      (request) => viewOrganization(deps, deps.viewerOf(request)),
    );

    app.put(
      '/organization',
      {
        schema: {
          tags,
          summary: 'Save Manage Organization, all or nothing',
          body: organizationInput,
          response: { 200: organizationView },
        },
        // 10,000 people with their mappings.
        bodyLimit: 4 * 1024 * 1024,
      },
      (request) => saveOrganization(deps, deps.viewerOf(request), request.body),
    );

    app.post(
      '/people',
      {
        schema: {
          tags,
          summary: 'Invite a person',
          body: personInput,
          response: { 201: personCreated },
        },
      },
      async (request, reply) => {
        const viewer = deps.viewerOf(request);
        const { personId, token } = await invitePerson(deps, viewer, request.body);
        const person = await viewPerson(deps, viewer, personId);
        return reply.code(201).send({ person, invitationUrl: invitationUrl(request, token) });
      },
    );

    app.delete(
      '/people/:id/second-factor',
      {
        schema: {
          tags,
          summary: "Take a person's second factor away",
          params,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        await resetSecondFactor(deps, deps.viewerOf(request), request.params.id);
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/people/:id/mail',
      {
        schema: {
          tags,
          summary: 'Send a new invitation or password link by mail',
          params,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        await sendInvitation(deps, deps.viewerOf(request), request.params.id);
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/people/:id/invitation',
      {
        schema: {
          tags,
          summary: 'Make a new invitation or password link',
          params,
          response: { 201: invitationCreated },
        },
      },
      async (request, reply) => {
        const { token } = await renewInvitation(deps, deps.viewerOf(request), request.params.id);
        return reply.code(201).send({ invitationUrl: invitationUrl(request, token) });
      },
    );
  };
}
