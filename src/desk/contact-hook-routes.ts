import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { createMissLimit } from '../calls/miss-limit.ts';
import type { HookedSystem } from '../calls/routes.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { inOrganization } from '../platform/database/scope.ts';
import type { Candidate } from './contract.ts';
import { lookUp } from './lookup.ts';

export interface ContactHookDeps {
  db: Database;
  clock: Clock;
  phoneSystemByToken(token: string): Promise<HookedSystem | null>;
}

const contacts = z.object({
  contacts: z.array(
    z.object({
      id: z.string(),
      /** `Contacts` or `Accounts`, what a CRM calls them. */
      type: z.string(),
      firstName: z.string(),
      lastName: z.string(),
      company: z.string(),
      email: z.string(),
      /** The number as the CRM stores it. */
      phone: z.string(),
      /** Opens the record. */
      url: z.string(),
    }),
  ),
});

const shownAtMost = 5;

/** `GET /hooks/phone/:token/contacts?number=`: a phone system asks who calls, to show the name on its phones. */
export function contactHookRoutes(deps: ContactHookDeps): FastifyPluginAsyncZod {
  const misses = createMissLimit(deps.clock);
  return async (app) => {
    app.get(
      '/hooks/phone/:token/contacts',
      {
        schema: {
          tags: ['phone events'],
          summary: 'Who has a number, for the phone system to show',
          params: z.object({ token: z.string().max(200) }),
          querystring: z.object({ number: z.string().max(256) }),
          response: { 200: contacts },
        },
      },
      async (request) => {
        const system = await deps.phoneSystemByToken(request.params.token);
        if (system === null) throw misses.refuse(request.ip);
        const { number } = request.query;
        const { organizationId } = system;
        const { match } = await inOrganization(organizationId, () =>
          lookUp(deps.db, organizationId, number),
        );
        return { contacts: match.candidates.slice(0, shownAtMost).map(present) };
      },
    );
  };
}

function present(candidate: Candidate) {
  const { key: id, kind, name, email, customer, link, reason } = candidate;
  const isCompany = kind === 'customer';
  const words = name.split(' ');
  return {
    id,
    type: isCompany ? 'Accounts' : 'Contacts',
    firstName: isCompany ? '' : words.slice(0, -1).join(' '),
    lastName: isCompany ? '' : (words.at(-1) ?? ''),
    company: isCompany ? name : (customer?.name ?? ''),
    email,
    phone: reason.raw,
    url: link ?? '',
  };
}
