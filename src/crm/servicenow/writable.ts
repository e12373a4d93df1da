import type { WriteFields, WriteKind, WriteValues } from '../write.ts';
import { failure } from './failure.ts';

/** How a kind of record is written in ServiceNow. */
export interface Writable {
  table: string;
  /** The column that keeps our own id. */
  correlation: string;
  columns: Record<string, string>;
}

const columnsOf = <K extends WriteKind>(
  table: string,
  columns: Record<WriteFields[K], string>,
  correlation = 'correlation_id',
): Writable => ({ table, correlation, columns });

const writables: Record<WriteKind, Writable> = {
  case: columnsOf<'case'>('sn_customerservice_case', {
    shortDescription: 'short_description',
    description: 'description',
    state: 'state',
    priority: 'priority',
    channel: 'contact_type',
    category: 'category',
    resolutionCode: 'resolution_code',
    resolutionNotes: 'close_notes',
    contactId: 'contact',
    consumerId: 'consumer',
    customerId: 'account',
    assignedToId: 'assigned_to',
    assignmentGroupId: 'assignment_group',
  }),
  contact: columnsOf<'contact'>('customer_contact', {
    firstName: 'first_name',
    lastName: 'last_name',
    email: 'email',
    title: 'title',
    phone: 'phone',
    mobilePhone: 'mobile_phone',
    homePhone: 'home_phone',
    customerId: 'account',
    country: 'country',
  }),
  consumer: columnsOf<'consumer'>('csm_consumer', {
    firstName: 'first_name',
    lastName: 'last_name',
    email: 'email',
    title: 'title',
    phone: 'business_phone',
    mobilePhone: 'mobile_phone',
    homePhone: 'home_phone',
    country: 'country',
  }),
  customer: columnsOf<'customer'>('customer_account', {
    name: 'name',
    phone: 'phone',
    city: 'city',
    country: 'country',
  }),
  interaction: columnsOf<'interaction'>('interaction', {
    type: 'type',
    direction: 'direction',
    state: 'state',
    shortDescription: 'short_description',
    callerNumber: 'caller_phone_number',
    contactId: 'contact',
    consumerId: 'consumer',
    customerId: 'account',
    assignedToId: 'assigned_to',
    openedFor: 'opened_for',
    openedAt: 'opened_at',
    closedAt: 'closed_at',
  }),
  interactionLink: columnsOf<'interactionLink'>('interaction_related_record', {
    interactionId: 'interaction',
    recordTable: 'document_table',
    recordId: 'document_id',
    type: 'type',
  }),
  phoneLog: columnsOf<'phoneLog'>(
    'sn_openframe_phone_log',
    {
      callId: 'call_id',
      phoneNumber: 'phone_number',
      contactId: 'contact',
      agentId: 'agent',
      caseId: 'task',
      startedAt: 'start_time',
      endedAt: 'end_time',
      seconds: 'duration',
    },
    // The log is a record of one call, so the call's id is its own.
    'call_id',
  ),
};

export function writableOf(kind: WriteKind): Writable {
  return writables[kind];
}

const isoTime = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?Z$/;

/** An ISO time as the instance keeps it, in UTC; every other text as it is. */
export function toTime(value: string): string {
  return value.replace(isoTime, '$1 $2');
}

/** Values by column; times as the instance keeps them, in UTC. Throws CrmError for a value that has no column. */
export function toColumns<K extends WriteKind>(
  kind: K,
  values: WriteValues<K>,
): Record<string, string> {
  const { columns, table } = writables[kind];
  const given = Object.entries(values).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(
    given.map(([name, value]) => {
      const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
      if (column === undefined)
        throw failure('rejected', `Ringside writes no field '${name.slice(0, 40)}' of ${table}.`);
      return [column, toTime(value.toWellFormed())];
    }),
  );
}
