import { z } from 'zod';
import { organizationFacts, plan, seatNumber, namedPerson } from './contract.ts';

/** HTTP API of operators, who serve several organizations. They see names and seats, and nothing that an organization holds. */

const id = z.uuid();
const time = z.iso.datetime();

export const operatedOrganization = z.object({
  id,
  name: z.string(),
  country: z.string(),
  timeZone: z.string(),
  createdAt: time,
  suspendedAt: time.nullable(),
  /** The operator's own. */
  own: z.boolean(),
  /** An administrator has come in; until then a new invitation can be made. */
  administered: z.boolean(),
  seats: z.array(z.object({ plan, total: z.int(), used: z.int() })),
});
export type OperatedOrganization = z.infer<typeof operatedOrganization>;

/** GET /operator/organizations, by name. */
export const operatedOrganizations = z.object({ organizations: z.array(operatedOrganization) });

/** Of every plan. */
const seats = z.object({
  View: seatNumber,
  Core: seatNumber,
  Engage: seatNumber,
  Enterprise: seatNumber,
});

/** POST /operator/organizations: with its first administrator, who gets a link. */
export const operatedOrganizationInput = organizationFacts.extend({
  seats,
  administrator: namedPerson,
});
export type OperatedOrganizationInput = z.output<typeof operatedOrganizationInput>;
export const operatedOrganizationCreated = z.object({
  organization: operatedOrganization,
  /** Shown once. */
  invitationUrl: z.string(),
  /** A mail with it is on its way. */
  mailed: z.boolean(),
});

/** PUT /operator/organizations/:id/seats: from now on its administrators cannot change them. Below what is used is refused. */
export const operatedSeats = z.object({ seats });
/** POST /operator/organizations/:id/suspend and …/resume answer with the organization. */
/** POST /operator/organizations/:id/invitation: a new link for the first administrator, until one has come in (409). */
export const operatedInvitation = z.object({
  name: z.string(),
  email: z.string(),
  invitationUrl: z.string(),
  mailed: z.boolean(),
});
