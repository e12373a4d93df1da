import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  giveSeats,
  operateNewOrganization,
  renewFirstInvitation,
  suspendOrganization,
  viewOrganizations,
} from './operate-organizations.ts';
import type { OperateDeps } from './operate-organizations.ts';
import {
  operatedInvitation,
  operatedOrganization,
  operatedOrganizationCreated,
  operatedOrganizationInput,
  operatedOrganizations,
  operatedSeats,
} from './operator-contract.ts';
import type { OperatedOrganization } from './operator-contract.ts';
import type { OperatedRow } from './operator-store.ts';
import type { Viewer, ViewerOf } from './viewer.ts';

export interface OperatorRoutesDeps extends OperateDeps {
  viewerOf: ViewerOf;
  /** The address of a page of this hub as browsers reach it. */
  urlOf(request: object, path: string): string;
}

/** What operators of several organizations may do. */
export function operatorRoutes(deps: OperatorRoutesDeps): FastifyPluginAsyncZod {
  const tags = ['Operators'];
  const params = z.object({ id: z.uuid() });
  const { db, viewerOf } = deps;
  const linkOf = (request: object, token: string) => ({
    invitationUrl: deps.urlOf(request, `/invite/${token}`),
    mailed: deps.orderMail != null,
  });
  return async (app) => {
    app.get(
      '/operator/organizations',
      {
        schema: {
          tags,
          summary: 'Every organization of the hub, with its seats',
          response: { 200: operatedOrganizations },
        },
      },
      async (request) => {
        const viewer = viewerOf(request);
        const found = await viewOrganizations(db, viewer);
        return { organizations: found.map((one) => present(one, viewer)) };
      },
    );

    app.post(
      '/operator/organizations',
      {
        schema: {
          tags,
          summary: 'Create an organization and invite its first administrator',
          body: operatedOrganizationInput,
          response: { 201: operatedOrganizationCreated },
        },
      },
      async (request, reply) => {
        const viewer = viewerOf(request);
        const made = await operateNewOrganization(deps, viewer, request.body);
        const organization = present(made.organization, viewer);
        return reply.code(201).send({ organization, ...linkOf(request, made.token) });
      },
    );

    app.put(
      '/operator/organizations/:id/seats',
      {
        schema: {
          tags,
          summary: 'Give an organization seats of each plan',
          params,
          body: operatedSeats,
          response: { 200: operatedOrganization },
        },
      },
      async (request) => {
        const viewer = viewerOf(request);
        const { id } = request.params;
        return present(await giveSeats(deps, viewer, id, request.body.seats), viewer);
      },
    );

    for (const [verb, suspended] of [
      ['suspend', true],
      ['resume', false],
    ] as const) {
      app.post(
        `/operator/organizations/:id/${verb}`,
        {
          schema: {
            tags,
            summary: suspended ? 'Shut an organization out' : 'Let an organization in again',
            params,
            response: { 200: operatedOrganization },
          },
        },
        async (request) => {
          const viewer = viewerOf(request);
          const { id } = request.params;
          return present(await suspendOrganization(deps, viewer, id, suspended), viewer);
        },
      );
    }

    app.post(
      '/operator/organizations/:id/invitation',
      {
        schema: {
          tags,
          summary: 'A new link for the first administrator, until one has come in',
          params,
          response: { 201: operatedInvitation },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const { token, ...who } = await renewFirstInvitation(deps, viewerOf(request), id);
        return reply.code(201).send({ ...who, ...linkOf(request, token) });
      },
    );
  };
}

function present(row: OperatedRow, viewer: Viewer): OperatedOrganization {
  const { createdAt, suspendedAt, ...rest } = row;
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    suspendedAt: suspendedAt?.toISOString() ?? null,
    own: row.id === viewer.organizationId,
  };
}
