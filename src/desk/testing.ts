import type { ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import type { Case, Contact, CrmRecord, RecordKind } from '../crm/record.ts';
import { customer } from '../directory/testing.ts';
import { pullDirectory } from '../directory/pull-directory.ts';
import type { Database } from '../platform/database/database.ts';
import { openEventStream } from '../platform/event-stream.ts';
import type { EventStream } from '../platform/event-stream.ts';
import { newId } from '../platform/id.ts';
import { insertConnection, updateConnection } from '../organization/connection-store.ts';
import { updateMappings } from '../organization/mapping-store.ts';
import { insertOrganization } from '../organization/organization-store.ts';
import { insertPerson } from '../organization/person-store.ts';
import { insertPhoneSystem } from '../organization/phone-system-store.ts';
import type { DeskState, Pop, PopGone } from './contract.ts';

/** For this room's tests: an organization with three agents, a connection with a small mirror, and a phone system. */
export interface TestCompany {
  organizationId: string;
  connectionId: string;
  phoneSystemId: string;
  /** Agents by extension. */
  people: Record<'201' | '202' | '203', string>;
}

export async function testCompany(db: Database): Promise<TestCompany> {
  const organizationId = newId();
  const connectionId = newId();
  const phoneSystemId = newId();
  const people = { '201': newId(), '202': newId(), '203': newId() };
  await insertOrganization(db, {
    id: organizationId,
    name: 'Acme',
    country: 'DE',
    timeZone: 'Europe/Berlin',
  });
  await insertConnection(db, organizationId, {
    id: connectionId,
    platform: 'servicenow',
    primary: true,
  });
  await updateConnection(db, organizationId, connectionId, {
    settings: {
      username: 'ringside',
      endpoint: 'https://acme.service-now.com/',
      detailsLink: 'https://acme.service-now.com/',
    },
    sealed: {},
    state: 'ok',
  });
  const names = { '201': 'Alice Adams', '202': 'Bob Miller', '203': 'Carla Cruz' };
  for (const extension of ['201', '202', '203'] as const) {
    const name = names[extension];
    const email = `${extension}@acme.example`;
    const person = {
      id: people[extension],
      name,
      email,
      role: 'agent',
      plan: 'View',
      extension,
    } as const;
    await insertPerson(db, organizationId, { ...person, userId: null });
    const mapping = { personId: people[extension], connectionId, crmUserId: `user${extension}` };
    await updateMappings(db, organizationId, [mapping]);
  }
  const system = { id: phoneSystemId, kind: 'webhook', name: 'Head office' } as const;
  await insertPhoneSystem(db, organizationId, { ...system, tokenHash: Buffer.from(newId()) });
  return { organizationId, connectionId, phoneSystemId, people };
}

/** Contacts of the mirror, as a pull from the CRM brings them. `cases` is how many open ones there are. */
export async function fillMirror(
  db: Database,
  company: TestCompany,
  people: { id: string; name: string; raw: string; cases: number; company?: string }[],
): Promise<void> {
  const companies = new Set(people.flatMap((person) => person.company ?? []));
  const records: Partial<Record<RecordKind, CrmRecord[]>> = {
    customers: [...companies].map((name) => customer(name, { name })),
    contacts: people.map(contactRecord),
    cases: people.flatMap(({ id, cases }) =>
      Array.from({ length: cases }, (_, number) => caseRecord(id, number)),
    ),
  };
  const crm = {
    async *pull(kind: RecordKind) {
      yield { records: records[kind] ?? [], total: null, cursor: 'end' };
    },
  };
  await pullDirectory({ db, crm }, company.organizationId, company.connectionId);
}

/** `company`: id of whom they work for. */
export function contactRecord(person: {
  id: string;
  name: string;
  raw: string;
  company?: string;
}): Contact {
  const [firstName = '', lastName = ''] = person.name.split(' ');
  return {
    type: 'contact',
    id: person.id,
    updatedAt: new Date('2026-11-23T06:55:00Z'),
    name: person.name,
    firstName,
    lastName,
    email: `${person.id}@nordwind.example`,
    title: '',
    active: true,
    country: 'DE',
    phones: [{ field: 'mobile_phone', label: 'mobile phone', raw: person.raw }],
    customerId: person.company ?? null,
    city: '',
    language: '',
  };
}

function caseRecord(contactId: string, number: number): Case {
  return {
    type: 'case',
    id: `${contactId}${number}`,
    updatedAt: null,
    number: `CS000${number}`,
    shortDescription: 'Scanner loses its connection',
    state: { value: '1', label: 'New' },
    priority: { value: '2', label: '2 - High' },
    open: true,
    customerId: null,
    contactId,
    consumerId: null,
    assignedToId: null,
    openedAt: new Date('2026-11-20T06:55:00Z'),
  };
}

/** A stream whose events the test reads as a browser would. */
export interface ReadStream {
  stream: EventStream;
  events: { event: string; data: unknown }[];
  states(): DeskState[];
  pops(): Pop[];
  gone(): PopGone[];
  closed(): boolean;
}

export function readStream(): ReadStream {
  const socket = Object.assign(new PassThrough(), { writeHead: () => undefined });
  const stream = openEventStream(socket as unknown as ServerResponse);
  const events: ReadStream['events'] = [];
  let text = '';
  let closed = false;
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, event, data] = /^event: (.*)\ndata: (.*)$/m.exec(block) ?? [];
      if (event !== undefined) events.push({ event, data: JSON.parse(data ?? 'null') });
    }
  });
  stream.onClose(() => (closed = true));
  const of = (name: string) => events.filter(({ event }) => event === name).map(({ data }) => data);
  return {
    stream,
    events,
    states: () => of('state') as DeskState[],
    pops: () => of('pop') as Pop[],
    gone: () => of('gone') as PopGone[],
    closed: () => closed,
  };
}
