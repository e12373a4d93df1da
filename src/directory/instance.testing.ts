import { CrmError } from '../crm/crm-error.ts';
import type { CrmConnection, PullOptions } from '../crm/port.ts';
import type { Case, CrmRecord, RecordKind, RecordType } from '../crm/record.ts';

/**
 * A CRM that changes while it is read, for tests: it keeps records with revisions and times of one second, answers by
 * key and by change as real ones do, and lets `onPage` act between two pages.
 */
export interface TestInstance extends Pick<
  CrmConnection,
  'pull' | 'changes' | 'removals' | 'keys' | 'read' | 'findByNumbers' | 'openCases' | 'usage'
> {
  records: Map<string, CrmRecord>;
  /** Writes a record; `silent` leaves its time as it was, as scripts may. */
  put(record: CrmRecord, silent?: boolean): void;
  remove(id: string): void;
  /** Lets time pass. */
  tick(seconds: number): void;
  asked: string[];
}

const kindOf: Record<RecordType, RecordKind> = {
  user: 'users',
  customer: 'customers',
  contact: 'contacts',
  consumer: 'contacts',
  case: 'cases',
};

export function testInstance(
  options: {
    pageSize?: number;
    removals?: boolean;
    onPage?: (what: string) => void;
    /** Its clock when it starts; an hour ago when not given. */
    start?: number;
  } = {},
): TestInstance {
  const { pageSize = 2, onPage = () => undefined } = options;
  const records = new Map<string, CrmRecord>();
  const removed: { type: RecordType; id: string; at: Date }[] = [];
  const asked: string[] = [];
  let time = Math.floor((options.start ?? Date.now() - 3_600_000) / 1000) * 1000;
  const ofKind = (kind: RecordKind) =>
    [...records.values()]
      .filter(({ type }) => kindOf[type] === kind)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  /** Closed cases of long ago are not given. */
  const isGiven = (record: CrmRecord, caseDays: number) =>
    record.type !== 'case' ||
    record.open ||
    Number(record.updatedAt) >= time - caseDays * 86_400_000;
  const stamp = ({ updatedAt, id }: CrmRecord) => `${updatedAt?.toISOString() ?? ''} ${id}`;

  async function* byKey(kind: RecordKind, { cursor = null, caseDays = 90 }: PullOptions) {
    for (let after = cursor ?? ''; ;) {
      const all = ofKind(kind).filter((record) => isGiven(record, caseDays));
      const page = all.filter(({ id }) => id > after).slice(0, pageSize);
      if (page.length === 0 && all.length > 0) return;
      after = page.at(-1)?.id ?? after;
      yield { page, total: all.length, cursor: after };
      if (page.length === 0) return;
      onPage(kind);
    }
  }

  return {
    records,
    asked,
    put(record, silent = false) {
      const known = records.get(record.id);
      const updatedAt = silent && known !== undefined ? known.updatedAt : new Date(time);
      const revision = String(Number(known?.revision ?? 0) + 1);
      records.set(record.id, { ...record, updatedAt, revision });
    },
    remove(id) {
      const known = records.get(id);
      if (known === undefined) return;
      records.delete(id);
      removed.push({ type: known.type, id, at: new Date(time) });
    },
    tick(seconds) {
      time += seconds * 1000;
    },
    async *pull(kind, asking = {}) {
      asked.push(`pull ${kind} ${asking.cursor ?? ''}`.trim());
      for await (const { page, ...rest } of byKey(kind, asking)) yield { records: page, ...rest };
    },
    async *changes(kind, { since }) {
      asked.push(`changes ${kind}`);
      const overlap = 60_000;
      let after = since instanceof Date ? since.toISOString() : since;
      let newest = '';
      for (;;) {
        const all = ofKind(kind).toSorted((a, b) => (stamp(a) < stamp(b) ? -1 : 1));
        const page = all.filter((record) => stamp(record) > after).slice(0, pageSize);
        const last = page.at(-1);
        if (last === undefined) break;
        newest = after = stamp(last);
        yield { records: page, total: null, cursor: after };
        onPage(`changes ${kind}`);
      }
      const back = new Date(Date.parse(newest.slice(0, 24)) - overlap);
      yield { records: [], total: null, cursor: newest === '' ? after : back.toISOString() };
    },
    async *removals({ since }) {
      asked.push('removals');
      if (options.removals === false) throw new CrmError('no-access', 'No.', { fix: '' });
      const from = since instanceof Date ? since : new Date(since);
      const found = removed.filter(({ at }) => at >= from);
      yield { removals: found, cursor: new Date(time - 60_000).toISOString() };
    },
    async *keys(kind, asking = {}) {
      asked.push(`keys ${kind}`);
      for await (const { page, ...rest } of byKey(kind, asking)) {
        const keys = page.map(({ type, id, revision = '' }) => ({ type, id, revision }));
        yield { keys, ...rest };
      }
    },
    async read(type, ids) {
      asked.push(`read ${type} ${ids.join(' ')}`);
      return ids.flatMap((id) => {
        const record = records.get(id);
        return record?.type === type ? [record] : [];
      });
    },
    async findByNumbers(variants) {
      asked.push('find');
      return [...records.values()].filter(
        (record) =>
          record.type !== 'case' && record.phones.some(({ raw }) => variants.includes(raw)),
      );
    },
    async openCases({ type, id }) {
      asked.push(`cases of ${id}`);
      const owner = {
        contact: 'contactId',
        consumer: 'consumerId',
        customer: 'customerId',
      } as const;
      return [...records.values()].filter(
        (record): record is Case =>
          record.type === 'case' && record.open && record[owner[type]] === id,
      );
    },
    usage: () => ({ requestsLastHour: asked.length, rateLimit: null, errors: [] }),
  };
}
