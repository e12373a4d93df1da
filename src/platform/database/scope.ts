import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Whose rows the database shows to the work at hand. Row-level security (fence.ts) hides all others from every query, also from one
 * that forgot to say `where organization_id = …`; the pool's connections follow this scope (fenced-connection.ts).
 *
 * A request runs in its viewer's organization. What begins by itself (a timer, a job, a notification, a link) says where it
 * belongs, or that it works for all.
 */
const scopes = new AsyncLocalStorage<string>();

/** What the setting of a connection reads when every organization is in scope. */
export const everyOrganization = '*';

/** Runs `work`, and whatever it starts, among the rows of one organization. */
export function inOrganization<T>(organizationId: string, work: () => T): T {
  return scopes.run(organizationId, work);
}

/**
 * Runs `work`, and whatever it starts, among the rows of every organization: for the hub's own work only (what is due,
 * whose token this is), as short as can be.
 */
export function acrossOrganizations<T>(work: () => T): T {
  return scopes.run(everyOrganization, work);
}

/** The organization's id, {@link everyOrganization}, or undefined outside of any scope. */
export function currentScope(): string | undefined {
  return scopes.getStore();
}
