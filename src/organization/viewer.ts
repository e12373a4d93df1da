import { RingsideError } from '../platform/errors.ts';
import type { Permission } from './permission.ts';
import { includesRole } from './plan.ts';
import type { Plan, Role } from './plan.ts';

/** Who is asking: the signed-in person, as every use case gets it. Nothing crosses the border of `organizationId`. */
export interface Viewer {
  organizationId: string;
  personId: string;
  /** The account that signed in (better-auth's user id). */
  userId: string;
  name: string;
  email: string;
  role: Role;
  plan: Plan | null;
  extension: string | null;
  /** What the organization withholds from this person; nothing from who is no agent. */
  mayNot: readonly Permission[];
  /** The organization hides telephone numbers from this person but for their last digits. */
  numbersMasked: boolean;
  /** The API key that asks, in nobody's name; `personId` is its id then. */
  apiKeyId?: string;
  /** This session came by single sign-on: no second factor of ours is asked for. */
  singleSignOn?: boolean;
  /** Creates organizations on this hub and gives them seats, and reads nothing of them. */
  operator?: boolean;
}

/** Routes get this from `http/`; it throws `unauthenticated` when nobody is signed in. */
export type ViewerOf = (request: object) => Viewer;

export function requireRole(viewer: Viewer, needed: Role): void {
  if (includesRole(viewer.role, needed)) return;
  throw new RingsideError('forbidden', `This needs the role ${needed}; yours is ${viewer.role}.`, {
    fix: 'Ask an administrator of your organization.',
  });
}
