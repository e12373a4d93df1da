import type { CrmConnection } from '../crm/port.ts';
import { openConnection } from '../organization/open-connection.ts';
import type { OpenConnectionDeps } from '../organization/open-connection.ts';

/** Which connection, and as of which settings and check. */
export interface CrmKey {
  organizationId: string;
  id: string;
  version: string;
}

/**
 * The open CRM connections of this node. They are kept from round to round, so that their lines stay
 * warm, and opened anew when their settings or secrets change or somebody checks them. Whoever does that has looked: sign-ins that were
 * refused before, perhaps to another node's check, are tried again, with the same password as well.
 */
export class OpenCrms {
  readonly #deps: OpenConnectionDeps;
  readonly #open = new Map<string, { version: string; crm: Promise<CrmConnection> }>();

  constructor(deps: OpenConnectionDeps) {
    this.#deps = deps;
  }

  /** Nobody but `close` and `keep` closes it. Throws `not-found`, or `conflict` without a credential. */
  async get({ organizationId, id, version }: CrmKey): Promise<CrmConnection> {
    const known = this.#open.get(id);
    if (known?.version === version) return known.crm;
    const crm = openConnection(this.#deps, organizationId, id).then((opened) => {
      if (known !== undefined) opened.crm.resume();
      return opened.crm;
    });
    this.#open.set(id, { version, crm });
    crm.catch(() => this.#open.delete(id));
    if (known !== undefined) await closeQuietly(known.crm);
    return crm;
  }

  /** Closes those that are no longer there. */
  keep(keys: readonly CrmKey[]): void {
    const wanted = new Set(keys.map(({ id }) => id));
    for (const [id, { crm }] of this.#open) {
      if (wanted.has(id)) continue;
      this.#open.delete(id);
      void closeQuietly(crm);
    }
  }

  async close(): Promise<void> {
    const all = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(all.map(({ crm }) => closeQuietly(crm)));
  }
}

async function closeQuietly(crm: Promise<CrmConnection>): Promise<void> {
  await crm.then((opened) => opened.close()).catch(() => undefined);
}
