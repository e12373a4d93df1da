import type { z } from 'zod';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/database.ts';
import { inOrganization } from '../platform/database/scope.ts';
import { RingsideError } from '../platform/errors.ts';
import { newId } from '../platform/id.ts';
import { insertAccount } from './account-store.ts';
import { recordChange } from './audit-store.ts';
import { setupInput } from './contract.ts';
import { hashPassword } from './hash-password.ts';
import {
  anyOrganization,
  insertOrganization,
  lockSetUp,
  setSeatTotals,
} from './organization-store.ts';
import { insertPerson } from './person-store.ts';
import { placeErrors } from './place.ts';
import { firstSeats } from './seats.ts';

export interface SetUpDeps {
  db: Database;
  clock: Clock;
}

export type SetUpInput = z.output<typeof setupInput>;

/**
 * The first visit: makes the organization and its first administrator, with a seat of Enterprise. Of several at once one wins.
 * Throws `conflict` once there is an organization, `invalid-input` for an unknown country or time zone.
 */
export async function setUp(
  deps: SetUpDeps,
  input: SetUpInput,
): Promise<{ organizationId: string; personId: string }> {
  if (await anyOrganization(deps.db)) throw alreadySetUp();
  const organization = await draftOrganization(input);
  return deps.db.transaction().execute(async (trx) => {
    await lockSetUp(trx);
    if (await anyOrganization(trx)) throw alreadySetUp();
    return storeOrganization(trx, deps.clock.now(), organization);
  });
}

/** Makes one more organization with its first administrator, for hubs that serve several. Throws `conflict` when the e-mail has an account. */
export async function createOrganization(
  deps: SetUpDeps,
  input: SetUpInput,
): Promise<{ organizationId: string; personId: string }> {
  const organization = await draftOrganization(input);
  return deps.db
    .transaction()
    .execute((trx) => storeOrganization(trx, deps.clock.now(), organization));
}

/**
 * Set-up from the configuration, at every start: does nothing (false) when there is an organization already.
 * Throws `invalid-input` naming what is wrong.
 */
export async function ensureFirstAdministrator(
  deps: SetUpDeps,
  first: {
    email: string;
    password: string;
    /** What is not given: 'Administrator', 'My organization', US and UTC; all can be changed later. */
    name?: string | undefined;
    organizationName?: string | undefined;
    country?: string | undefined;
    timeZone?: string | undefined;
  },
): Promise<boolean> {
  if (await anyOrganization(deps.db)) return false;
  const parsed = setupInput.safeParse({
    email: first.email,
    password: first.password,
    name: first.name ?? 'Administrator',
    organizationName: first.organizationName ?? 'My organization',
    country: first.country ?? 'US',
    timeZone: first.timeZone ?? 'UTC',
  });
  if (!parsed.success) {
    throw new RingsideError(
      'invalid-input',
      'The first administrator cannot be created from the configuration.',
      {
        fix: 'Correct the RINGSIDE_ADMIN_… and RINGSIDE_ORGANIZATION… settings.',
        fields: parsed.error.issues.map(({ path, message }) => ({
          field: path.join('.'),
          message,
        })),
      },
    );
  }
  try {
    await setUp(deps, parsed.data);
    return true;
  } catch (error) {
    // Another node of the same hub was quicker.
    if (
      error instanceof RingsideError &&
      error.code === 'conflict' &&
      (await anyOrganization(deps.db))
    )
      return false;
    throw error;
  }
}

type Draft = SetUpInput & { passwordHash: string };

async function draftOrganization(input: SetUpInput): Promise<Draft> {
  const fields = placeErrors(input);
  if (fields.length > 0) {
    throw new RingsideError('invalid-input', 'Country or time zone is not known.', { fields });
  }
  return { ...input, passwordHash: await hashPassword(input.password) };
}

async function storeOrganization(
  trx: Database,
  at: Date,
  draft: Draft,
): Promise<{ organizationId: string; personId: string }> {
  const { name, email, country, timeZone, passwordHash } = draft;
  const organizationId = newId();
  const personId = newId();
  const userId = await insertAccount(trx, { name, email, passwordHash, at });
  if (userId === null) {
    throw new RingsideError('conflict', 'There is an account with this e-mail address already.', {
      fields: [
        { field: 'email', message: 'There is an account with this e-mail address already.' },
      ],
    });
  }
  await inOrganization(organizationId, async () => {
    await insertOrganization(trx, {
      id: organizationId,
      name: draft.organizationName,
      country,
      timeZone,
    });
    await setSeatTotals(trx, organizationId, firstSeats);
    await insertPerson(trx, organizationId, {
      id: personId,
      userId,
      name,
      email,
      role: 'administrator',
      plan: 'Enterprise',
      extension: null,
    });
    await recordChange(trx, organizationId, {
      at,
      by: { personId, name },
      action: 'create organization',
      subject: draft.organizationName,
      detail: { country, timeZone, administrator: email },
    });
  });
  return { organizationId, personId };
}

function alreadySetUp(): RingsideError {
  return new RingsideError('conflict', 'Ringside is set up already.', { fix: 'Sign in instead.' });
}
