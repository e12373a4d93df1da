import { RingsideError } from '../platform/errors.ts';
import { includesRole } from './plan.ts';
import type { Role } from './plan.ts';

interface PermissionFacts {
  /** What is permitted, as a checklist names it and to follow 'Agents may not: …'. */
  title: string;
  help: string;
}

/** What an administrator may withhold from agents; supervisors and administrators may all of it. The plan decides first. */
export const permissions = {
  'create-contacts': {
    title: 'Create contacts',
    help: 'Make a new contact, and a company for it, of an unknown caller.',
  },
  'attach-numbers': {
    title: 'Attach numbers',
    help: 'Write the number of a call to a person or company in the CRM.',
  },
  'change-records': {
    title: 'Change contacts',
    help: 'Change numbers, e-mail and title of a person or company in the CRM.',
  },
  'create-cases': { title: 'Create cases', help: 'Open a case from a call.' },
  'change-cases': {
    title: 'Change cases',
    help: 'Change state, priority and assignment of the tagged case.',
  },
  'customer-comments': {
    title: 'Write to customers',
    help: 'Comments on a case that the customer reads. Work notes stay possible.',
  },
  'click-to-call': { title: 'Call from the Desk', help: 'Click a number to have it dialled.' },
  'team-calls': {
    title: 'See the team’s calls',
    help: 'Missed calls and call history of their team, not only their own.',
  },
  'earlier-calls': {
    title: 'See earlier calls',
    help: 'What colleagues noted on earlier calls with the same caller.',
  },
  'export-history': { title: 'Export the call history', help: 'The calls that they see, as CSV.' },
} as const satisfies Record<string, PermissionFacts>;
export type Permission = keyof typeof permissions;

export const permissionNames = Object.keys(permissions) as [Permission, ...Permission[]];

/** What agents may not do until an administrator says otherwise, as the table has it. */
export const firstWithheld: readonly Permission[] = ['export-history'];

/** What somebody with this role may not do. A name that this version does not know withholds nothing. */
export function withheldFrom(role: Role, agentsMayNot: readonly string[]): Permission[] {
  if (includesRole(role, 'supervisor')) return [];
  return permissionNames.filter((permission) => agentsMayNot.includes(permission));
}

/** Throws `permission-required`, which names the permission and who can give it. */
export function requirePermission(
  viewer: { mayNot: readonly Permission[] },
  permission: Permission,
): void {
  if (!viewer.mayNot.includes(permission)) return;
  throw new RingsideError(
    'permission-required',
    `Agents of your organization may not do this: the permission ‘${permissions[permission].title}’ is withheld.`,
    { fix: 'An administrator can give it under Manage Organization > User Roles.' },
  );
}
