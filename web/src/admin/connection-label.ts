import type { ConnectionRow } from '../../../src/organization/contract.ts';

/** What a column or tab of this connection is called: the platform, and the host where there are several of it. */
export function connectionLabel(connection: ConnectionRow, all: readonly ConnectionRow[]): string {
  const same = all.filter((one) => one.title === connection.title);
  if (same.length < 2) return connection.title;
  const host = connection.account?.host || `no. ${same.indexOf(connection) + 1}`;
  return `${connection.title} (${host})`;
}
