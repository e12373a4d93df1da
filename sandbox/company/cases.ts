import type { GeneratedRows } from '../tables/generated-rows.ts';
import type { Accounts } from './accounts.ts';
import { caseSubjects, products } from './case-subjects.ts';
import type { Consumers } from './consumers.ts';
import type { Contacts } from './contacts.ts';
import type { Layout } from './layout.ts';
import { formatSeconds } from './moments.ts';
import { fraction, hash, pick, stream } from './random.ts';
import { createSysIds } from './sys-id.ts';
import { assignmentGroups, type Users } from './users.ts';

const streams = {
  state: stream('case state'),
  who: stream('case contact'),
  age: stream('case age'),
  subject: stream('case subject'),
  priority: stream('case priority'),
  assigned: stream('case assigned'),
  channel: stream('case channel'),
};

const day = 86_400;
/** Values of state: 1 New, 10 Open, 18 Awaiting Info, 6 Resolved, 3 Closed, 7 Canceled. About a third is open. */
const states = [
  '1',
  '1',
  '10',
  '10',
  '10',
  '18',
  '6',
  '6',
  '3',
  '3',
  '3',
  '3',
  '3',
  '3',
  '3',
  '3',
  '3',
  '7',
];
const priorities = ['1', '2', '2', '3', '3', '3', '4', '4', '4', '4', '4', '4'];
const channels = ['phone', 'phone', 'phone', 'email', 'email', 'web', 'web', 'chat', 'social'];
const resolutions = [
  'Solved - Fixed by Support/Guidance provided',
  'Solved - Work Around Provided',
  'Solved - Resolved by Caller',
  'Not Solved',
];

/** A case between customers and Brightwater. */
interface Facts {
  index: number;
  state: string;
  closed: boolean;
  opened: number;
  /** Null while it is open. */
  ended: number | null;
  updated: number;
  subject: string;
  contact: number | null;
  consumer: number | null;
  account: number | null;
}

export interface Cases extends GeneratedRows {
  /** Index of the contact, or null. */
  contact(index: number): number | null;
  open(index: number): boolean;
}

export function createCases(
  layout: Layout,
  people: { accounts: Accounts; contacts: Contacts; consumers: Consumers; users: Users },
  now: number,
): Cases {
  const { seed } = layout;
  const { accounts, contacts, consumers, users } = people;
  const count = Math.ceil(layout.contacts * 0.6);
  const ids = createSysIds(seed, 'sn_customerservice_case', count);
  let last: Facts | null = null;

  function facts(index: number): Facts {
    if (last?.index === index) return last;
    const state = pick(states, hash(seed, streams.state, index));
    const closed = state === '3' || state === '6' || state === '7';
    const lot = fraction(seed, streams.age, index);
    // open cases are weeks old at most, closed ones up to two years
    const opened = now - 1800 - Math.floor(closed ? lot * 730 * day : lot ** 2.5 * 60 * day);
    const took = Math.floor(
      fraction(seed, streams.age + 1, index) ** 2 * Math.min(30 * day, (now - opened) * 0.9),
    );
    const ended = closed ? opened + 600 + took : null;
    const h = hash(seed, streams.who, index);
    const kind = h % 100;
    const consumer = kind < 6 && consumers.count > 0 ? (h >>> 8) % consumers.count : null;
    // every 23rd person calls a lot
    const place = Math.floor(fraction(seed, streams.who + 1, index) * layout.contacts);
    const contact =
      consumer === null && kind < 96 ? contacts.at(kind < 30 ? place - (place % 23) : place) : null;
    const account =
      consumer !== null
        ? null
        : contact !== null
          ? contacts.account(contact)
          : (h >>> 8) % layout.accounts;
    const template = pick(caseSubjects, hash(seed, streams.subject, index));
    const words = hash(seed, streams.subject + 1, index);
    const subject = template
      .replace('{product}', pick(products, words))
      .replace('{code}', String(10_000 + (words % 80_000)))
      .replace('{small}', String(2 + (words % 19)));
    const updated =
      ended ?? opened + Math.floor((now - opened) * fraction(seed, streams.age + 2, index));
    last = { index, state, closed, opened, ended, updated, subject, contact, consumer, account };
    return last;
  }

  function value(index: number, field: string): string {
    const it = facts(index);
    switch (field) {
      case 'sys_id':
        return ids.sysId(index);
      case 'number':
        return caseNumber(index);
      case 'short_description':
        return it.subject;
      case 'case':
        return `${it.subject}\u200b${caseNumber(index)}`;
      case 'description':
        return `${it.subject}.\r\nReported by the customer, see attachments.`;
      case 'state':
        return it.state;
      case 'active':
        return String(it.state !== '3' && it.state !== '7');
      case 'priority':
        return pick(priorities, hash(seed, streams.priority, index));
      case 'impact':
      case 'urgency':
        return '3';
      case 'escalation':
        return hash(seed, streams.priority, index) % 50 === 0 ? '1' : '0';
      case 'category':
        return String(hash(seed, streams.channel, index) % 3);
      case 'contact_type':
        return pick(channels, hash(seed, streams.channel, index));
      case 'contact':
        return it.contact === null ? '' : contacts.sysId(it.contact);
      case 'consumer':
        return it.consumer === null ? '' : consumers.sysId(it.consumer);
      case 'account':
      case 'company':
        return it.account === null ? '' : accounts.sysId(it.account);
      case 'assigned_to':
        return it.state === '1'
          ? ''
          : users.sysId(users.agent(hash(seed, streams.assigned, index)));
      case 'assignment_group':
        return pick(assignmentGroups, hash(seed, streams.assigned + 1, index)).sys_id;
      case 'opened_by':
        return users.sysId(users.agent(hash(seed, streams.assigned + 2, index)));
      case 'closed_by':
        return it.state === '3'
          ? users.sysId(users.agent(hash(seed, streams.assigned, index)))
          : '';
      case 'opened_at':
      case 'sys_created_on':
        return formatSeconds(it.opened);
      case 'resolved_at':
        return it.ended === null || it.state === '7' ? '' : formatSeconds(it.ended);
      case 'closed_at':
        return it.ended === null || it.state === '6' ? '' : formatSeconds(it.ended);
      case 'resolution_code':
        return it.closed && it.state !== '7'
          ? String((hash(seed, streams.channel, index) % resolutions.length) + 1)
          : '';
      case 'close_notes':
        return it.closed && it.state !== '7'
          ? pick(resolutions, hash(seed, streams.channel, index))
          : '';
      case 'u_machine_number':
        return hash(seed, streams.subject, index) % 3 === 0
          ? `BW-${100_000 + (hash(seed, streams.subject + 2, index) % 900_000)}`
          : '';
      case 'needs_attention':
      case 'active_escalation':
        return 'false';
      case 'sys_updated_on':
        return formatSeconds(it.updated);
      case 'sys_created_by':
      case 'sys_updated_by':
        return 'admin';
      case 'sys_mod_count':
        return String(hash(seed, streams.channel + 1, index) % 12);
      case 'sys_class_name':
        return 'sn_customerservice_case';
      default:
        return '';
    }
  }

  return {
    count,
    ...ids,
    contact: (index) => facts(index).contact,
    open: (index) => !facts(index).closed,
    value,
    seconds: (index, field) =>
      field === 'sys_updated_on' ? facts(index).updated : facts(index).opened,
  };
}

function caseNumber(index: number): string {
  return `CS${String(1_000_001 + index).padStart(7, '0')}`;
}
