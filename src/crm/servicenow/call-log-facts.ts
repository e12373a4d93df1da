import type { Client } from './client.ts';
import { equals } from './encoded-query.ts';
import { hasCode } from './pull.ts';
import { text } from './row.ts';
import { matchesAll } from './scan.ts';
import { listRows } from './table-api.ts';
import { writing } from './write-once.ts';

/** How a connection's calls are written down: a setting. */
export const callLogWays = [
  { value: 'automatic', label: 'Whatever the instance has, in this order' },
  { value: 'voice-interaction', label: 'Voice interaction (OpenFrame)' },
  { value: 'interaction', label: 'Interaction' },
  { value: 'work-note', label: 'Work note on the tagged case' },
  { value: 'off', label: 'Not at all' },
] as const;
export type CallLogWay = (typeof callLogWays)[number]['value'];

export function callLogWayOf(value: string | undefined): CallLogWay {
  return callLogWays.find((way) => way.value === value)?.value ?? 'automatic';
}

/** What an instance has for writing calls down. */
export interface CallLogFacts {
  /** Cleared by whoever finds that it is not there after all. */
  voiceApi: boolean;
  interactions: boolean;
  /** Columns of `interaction`; null while no record shows them. Which of account, contact and consumer are there differs. */
  columns: ReadonlySet<string> | null;
  /** The state of a call that nobody answered. */
  unansweredState: string;
}

export const interactionColumns = [
  'type',
  'direction',
  'state',
  'short_description',
  'caller_phone_number',
  'contact',
  'consumer',
  'account',
  'assigned_to',
  'opened_for',
  'opened_at',
  'closed_at',
  'correlation_id',
  'work_notes',
] as const;

const rememberedMs = 3_600_000;

/** Looks once an hour, or when somebody noticed a change. */
export function rememberCallLogFacts(): (client: Client) => Promise<CallLogFacts> {
  let known: { facts: Promise<CallLogFacts>; until: number } | null = null;
  return (client) => {
    const now = performance.now();
    if (known === null || known.until < now) {
      const facts = lookAtInteractions(client);
      known = { facts, until: now + rememberedMs };
      facts.catch(() => (known = null));
    }
    return known.facts;
  };
}

const once = () => writing({ attempts: 1, budgetMs: 20_000 });

async function lookAtInteractions(client: Client): Promise<CallLogFacts> {
  const absent = { voiceApi: true, unansweredState: 'closed_complete' };
  try {
    const fields = ['sys_id', ...interactionColumns];
    const { rows } = await listRows(
      client,
      { table: 'interaction', where: [], fields, limit: 1 },
      once(),
    );
    const [row] = rows;
    const columns = row === undefined ? null : new Set(Object.keys(row));
    return {
      ...absent,
      interactions: true,
      columns,
      unansweredState: await unansweredState(client),
    };
  } catch (error) {
    if (!hasCode(error, 'csm-inactive', 'no-access')) throw error;
    return { ...absent, interactions: false, columns: null };
  }
}

/** 'Closed Abandoned' is there in delivered instances; where the list of states does not say so it is not used. */
async function unansweredState(client: Client): Promise<string> {
  const where = [
    equals('name', 'interaction'),
    equals('element', 'state'),
    equals('value', 'closed_abandoned'),
  ];
  const fields = ['sys_id', 'name', 'element', 'value'];
  try {
    const { rows } = await listRows(
      client,
      { table: 'sys_choice', where, fields, limit: 5 },
      once(),
    );
    const found = rows.find((row) => matchesAll(row, where));
    return found === undefined ? 'closed_complete' : text(found, 'value', 40);
  } catch (error) {
    if (!hasCode(error, 'csm-inactive', 'no-access')) throw error;
    return 'closed_complete';
  }
}
