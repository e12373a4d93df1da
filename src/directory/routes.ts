import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { connectionsOf } from '../organization/connection-store.ts';
import { crmUserOptions, crmUserQuery } from '../organization/contract.ts';
import { requireFeature } from '../organization/features.ts';
import { requireRole } from '../organization/viewer.ts';
import type { ViewerOf } from '../organization/viewer.ts';
import { RingsideError } from '../platform/errors.ts';
import { choiceListsFor } from './choice-lists.ts';
import type { ChoiceListsDeps } from './choice-lists.ts';
import {
  caseChoices,
  searchAnswer,
  searchQuery,
  syncOrder,
  syncSettings,
  syncView,
} from './contract.ts';
import { searchCrmUsers } from './crm-user-store.ts';
import { searchDirectory } from './search.ts';
import { orderSync, saveSyncSettings, viewSync } from './view-sync.ts';
import type { SyncViewDeps } from './view-sync.ts';

export interface DirectoryDeps extends SyncViewDeps, ChoiceListsDeps {
  viewerOf: ViewerOf;
}

/** The room's routes, below /api/v1. */
export function directoryRoutes(deps: DirectoryDeps): FastifyPluginAsyncZod {
  const { viewerOf } = deps;
  const requireConnection = async (organizationId: string, id: string): Promise<void> => {
    const connections = await connectionsOf(deps.db, organizationId);
    if (!connections.some((connection) => connection.id === id))
      throw new RingsideError('not-found', 'There is no such connection.');
  };
  return async (app) => {
    app.get(
      '/directory/search',
      {
        schema: {
          summary:
            'Contacts, consumers, customers and cases by name, company, e-mail or number, as one types',
          tags: ['Desk'],
          querystring: searchQuery,
          response: { 200: searchAnswer },
        },
        config: { keyScope: 'directory:read' },
      },
      async (request) => {
        const viewer = viewerOf(request);
        requireFeature(viewer, 'screen-pops');
        const { q, kinds } = request.query;
        return searchDirectory(deps.db, viewer.organizationId, q, kinds);
      },
    );

    app.get(
      '/connections/:id/users',
      {
        schema: {
          summary: 'The pulled CRM users of a connection, active ones first',
          tags: ['Connections'],
          params: z.object({ id: z.uuid() }),
          querystring: crmUserQuery,
          response: { 200: crmUserOptions },
        },
      },
      async (request) => {
        const viewer = viewerOf(request);
        requireRole(viewer, 'administrator');
        const { id } = request.params;
        await requireConnection(viewer.organizationId, id);
        return searchCrmUsers(
          deps.db,
          viewer.organizationId,
          id,
          request.query.search,
          request.query.limit,
        );
      },
    );

    const tags = ['Connections'];
    const params = z.object({ id: z.uuid() });
    app.get(
      '/connections/:id/case-choices',
      {
        schema: {
          tags,
          summary: 'What the CRM offers for the priority, category and group of a case',
          params,
          response: { 200: caseChoices },
        },
      },
      async (request) => {
        const viewer = viewerOf(request);
        requireRole(viewer, 'administrator');
        const { organizationId } = viewer;
        const connectionId = request.params.id;
        await requireConnection(organizationId, connectionId);
        const { lists, problem } = await choiceListsFor(deps, { organizationId, connectionId });
        return { ...lists, problem };
      },
    );

    const response = { 200: syncView };
    app.get(
      '/connections/:id/sync',
      {
        schema: { tags, summary: 'How the mirror of a connection is kept fresh', params, response },
      },
      (request) => viewSync(deps, viewerOf(request), request.params.id),
    );

    app.post(
      '/connections/:id/sync',
      {
        schema: {
          tags,
          summary: 'Pull now, or everything again',
          params,
          body: syncOrder,
          response,
        },
      },
      async (request) => {
        await orderSync(deps, viewerOf(request), request.params.id, request.body);
        return viewSync(deps, viewerOf(request), request.params.id);
      },
    );

    app.put(
      '/connections/:id/sync',
      {
        schema: {
          tags,
          summary: 'How often a connection is read, and how long closed cases are kept',
          params,
          body: syncSettings,
          response,
        },
      },
      async (request) => {
        await saveSyncSettings(deps, viewerOf(request), request.params.id, request.body);
        return viewSync(deps, viewerOf(request), request.params.id);
      },
    );
  };
}
