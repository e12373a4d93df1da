import { systemClock } from '../platform/clock.ts';
import type { Command } from '../platform/command.ts';
import { loadConfig } from '../platform/config.ts';
import { borrowDatabase } from '../platform/database/borrow-database.ts';
import type { Database } from '../platform/database/database.ts';
import { inOrganization } from '../platform/database/scope.ts';
import { RingsideError } from '../platform/errors.ts';
import { allOrganizations } from '../organization/organization-store.ts';
import { lookUp } from './lookup.ts';
import { lookupText } from './lookup-text.ts';

interface LookupOptions {
  json?: boolean;
  organization?: string;
}

/** `ringside lookup`: what GET /lookup answers, at the terminal, also while the hub runs. */
export const command: Command<LookupOptions> = {
  name: 'lookup',
  description: 'Say who would pop for a number, and why',
  configure: (lookup) =>
    lookup
      .argument(
        '<number>',
        "as a phone system sends it or as people type it, such as '(030) 123-45'",
      )
      .option('--organization <name>', 'name or id of the organization; the oldest when not given')
      .option('--json', 'print one JSON object and nothing else on standard output')
      .addHelpText('after', '\nExit code: 0 also when nobody matches, 1 failed, 2 wrong usage.'),
  async run(options, [number = '']) {
    const { db, close } = await borrowDatabase(loadConfig());
    try {
      const organizationId = await findOrganization(db, options.organization);
      const answer = await inOrganization(organizationId, () => lookUp(db, organizationId, number));
      const text =
        options.json === true ? JSON.stringify(answer) : lookupText(answer, systemClock.now());
      process.stdout.write(`${text}\n`);
      return 0;
    } finally {
      await close();
    }
  },
};

async function findOrganization(db: Database, wanted: string | undefined): Promise<string> {
  const all = await allOrganizations(db);
  const found =
    wanted === undefined ? all[0] : all.find(({ id, name }) => id === wanted || name === wanted);
  if (found !== undefined) return found.id;
  if (wanted === undefined) {
    throw new RingsideError('not-found', 'There is no organization yet.', {
      fix: 'Start the hub and set it up.',
    });
  }
  const known = all.map(({ name }) => `'${name}'`).join(', ');
  throw new RingsideError('not-found', `There is no organization '${wanted}'.`, {
    fix: `There is ${known || 'none yet'}.`,
  });
}
