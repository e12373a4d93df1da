import { z } from 'zod';
import { cleanText } from '../../platform/text.ts';
import { LinkError } from '../link-error.ts';
import type { EslContext } from './esl-context.ts';
import type { EslEvent } from './esl-parser.ts';

/*
 * What is asked after every (re)connect: `show channels as json`. Hang-ups in the gap were lost, so what is not listed is over; what
 * is listed and new is told as it is: ringing, or already answered. Source: recordings of 1.11.
 */

const text = z.string().transform((raw) => cleanText(raw, 512));

const listedChannel = z.object({
  uuid: text,
  direction: text,
  created_epoch: text,
  name: text,
  callstate: text.default(''),
  call_uuid: text.default(''),
  presence_id: text.default(''),
  cid_num: text.default(''),
  dest: text.default(''),
  initial_cid_num: text.optional(),
  initial_dest: text.optional(),
});
export type ListedChannel = z.output<typeof listedChannel>;

const listing = z.object({ row_count: z.number(), rows: z.array(listedChannel).default([]) });

/** Reads the answer to `show channels as json`. Throws LinkError. */
export function readListing(body: string): ListedChannel[] {
  const { success, data } = listing.safeParse(jsonOf(body));
  // Less than announced is no snapshot: nobody must lose a call over it.
  if (success && data.rows.length === data.row_count) return data.rows;
  throw new LinkError(
    'protocol-error',
    'FreeSWITCH does not list its channels as expected.',
    "Check that 'show channels as json' works in fs_cli: it needs mod_commands and the core database.",
  );
}

/** The same of an answer in a recorded stream, where nobody says what was asked: null for one that lists no channels. */
export function findListing(body: string): ListedChannel[] | null {
  const { success, data } = listing.safeParse(jsonOf(body));
  // `show calls as json` has rows much like these, with the other leg's channel in each.
  if (!success || data.rows.length !== data.row_count || body.includes('"b_uuid"')) return null;
  return data.rows;
}

export function tellSnapshot(
  context: EslContext,
  listed: readonly ListedChannel[],
  at: Date,
): void {
  const up = new Set(listed.map(({ uuid }) => uuid));
  for (const channel of [...context.graph.channels.values()]) {
    if (!up.has(channel.id) && context.graph.hangUp(channel)) context.graph.close(channel.call);
  }
  const fresh = listed.filter(({ uuid }) => !context.graph.channels.has(uuid));
  for (const row of fresh.toSorted(byAge)) {
    const seconds = Number(row.created_epoch);
    context.at = seconds > 0 ? new Date(seconds * 1000) : at;
    tellChannel(context, row);
  }
  context.at = at;
  context.tellAll({ type: 'snapshot', at, calls: [...context.graph.calls.keys()] });
}

function tellChannel(context: EslContext, row: ListedChannel): void {
  const channel = context.channel(asEvent(row));
  if (channel === null || !channel.called) return;
  const caller = context.graph.channels.get(row.call_uuid);
  if (!/^(ACTIVE|HELD|UNHELD)$/.test(row.callstate)) return;
  channel.up = true;
  if (caller && caller !== channel) {
    [channel.partner, caller.partner] = [caller, channel];
    [channel.bridge, caller.bridge] = [caller.id, channel.id];
  }
  context.answered(channel);
}

/** The channel as its own first event would have told it. */
function asEvent(row: ListedChannel): EslEvent {
  const fields: [string, string][] = [
    ['Unique-ID', row.uuid],
    ['Channel-Name', row.name],
    ['Call-Direction', row.direction],
    ['Channel-Call-UUID', row.call_uuid],
    ['Other-Leg-Unique-ID', row.call_uuid === row.uuid ? '' : row.call_uuid],
    ['variable_presence_id', row.presence_id],
    ['Caller-Caller-ID-Number', row.initial_cid_num ?? row.cid_num],
    ['Caller-Destination-Number', row.initial_dest ?? row.dest],
  ];
  return { fields: new Map(fields), body: '' };
}

/** Who was called comes after who called, also within one second. */
function byAge(a: ListedChannel, b: ListedChannel): number {
  const called = (row: ListedChannel) => Number(row.uuid !== row.call_uuid);
  return Number(a.created_epoch) - Number(b.created_epoch) || called(a) - called(b);
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
