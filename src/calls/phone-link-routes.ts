import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { requireRole } from '../organization/viewer.ts';
import type { ViewerOf } from '../organization/viewer.ts';
import type { Database } from '../platform/database/database.ts';
import { phoneLinkRows } from './phone-link-contract.ts';
import type { PhoneLinkRow } from './phone-link-contract.ts';
import { isUp, linksOf } from './phone-link-store.ts';
import type { StoredLink } from './phone-link-store.ts';

/** How the links to the organization's phone systems stand. */
export function phoneLinkRoutes(deps: { db: Database; viewerOf: ViewerOf }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/phone-links',
      {
        schema: {
          tags: ['Phone systems'],
          summary: 'The links to phone systems as they are now',
          response: { 200: phoneLinkRows },
        },
      },
      async (request) => {
        const viewer = deps.viewerOf(request);
        requireRole(viewer, 'administrator');
        return (await linksOf(deps.db, viewer.organizationId)).map(present);
      },
    );
  };
}

function present(link: StoredLink): PhoneLinkRow {
  const { phoneSystemId, warnings, extensions, eventsPerMinute } = link;
  return {
    phoneSystemId,
    state: stateOf(link),
    connectedSince: link.connectedSince?.toISOString() ?? null,
    lostSince: link.lostSince?.toISOString() ?? null,
    reason: link.lostReason,
    fix: link.lostFix,
    warnings,
    extensions,
    lastEventAt: link.lastEventAt?.toISOString() ?? null,
    eventsPerMinute,
  };
}

function stateOf(link: StoredLink): PhoneLinkRow['state'] {
  if (link.lostSince !== null) return 'lost';
  return isUp(link) ? 'connected' : 'connecting';
}
