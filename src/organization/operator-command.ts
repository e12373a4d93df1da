import type { Command } from '../platform/command.ts';
import { loadConfig } from '../platform/config.ts';
import { borrowDatabase } from '../platform/database/borrow-database.ts';
import { inOrganization } from '../platform/database/scope.ts';
import { systemClock } from '../platform/clock.ts';
import { RingsideError } from '../platform/errors.ts';
import { recordChange } from './audit-store.ts';
import { operatorsOf, setOperator } from './operator-store.ts';

/** `ringside operator`: who may create organizations and give seats. Nobody becomes one in the browser. */
export const command: Command<{ remove?: boolean }> = {
  name: 'operator',
  description: 'Say who creates organizations on this hub and gives them seats',
  configure: (operator) =>
    operator
      .argument('[email]', 'somebody who signs in already; without it all operators are listed')
      .option('--remove', 'take it away')
      .addHelpText(
        'after',
        `
Also while the hub runs; it counts with the next click. An operator signs in by password, and reads nothing of the organizations.
Exit code: 0 done, 1 failed, 2 wrong usage.`,
      ),
  async run({ remove = false }, [email]) {
    const { db, close } = await borrowDatabase(loadConfig());
    try {
      if (email !== undefined) {
        const address = email.trim().toLowerCase();
        const found = await setOperator(db, address, !remove);
        if (found === null) {
          throw new RingsideError('not-found', `Nobody signs in with ${address}.`, {
            fix: 'Invite them to your own organization first; they become operator once they have come in.',
          });
        }
        const { organizationId, name } = found;
        const action = remove ? 'remove operator' : 'make operator';
        await inOrganization(organizationId, () =>
          recordChange(db, organizationId, {
            at: systemClock.now(),
            by: null,
            action,
            subject: name,
          }),
        );
      }
      const operators = await operatorsOf(db);
      process.stdout.write(
        operators.length === 0
          ? 'This hub has no operators.\n'
          : operators.map((one) => `${one.email}  ${one.name}, ${one.organization}\n`).join(''),
      );
      return 0;
    } finally {
      await close();
    }
  },
};
