import type { CallNote } from '../desk/call-summary-contract.ts';
import { requirePermission } from '../organization/permission.ts';
import type { Viewer } from '../organization/viewer.ts';
import { csvOf } from '../platform/csv.ts';
import { RingsideError } from '../platform/errors.ts';
import { listCalls } from './call-list-store.ts';
import type { CallPlace } from './call-list-store.ts';
import type { ExportQuery, ListedCall } from './contract.ts';
import { filterOf, inOrder, requireHistory } from './list-calls.ts';
import type { ReportDeps } from './list-calls.ts';
import { presentCalls } from './present-call.ts';

const readAtOnce = 1_000;
/** An export is made in memory. */
const mostExported = 50_000;
/** Of each person's note, in characters: a spreadsheet's cell holds 32,767. */
const noteLength = 4_000;

const titles = [
  'Started',
  'Answered',
  'Ended',
  'Direction',
  'Result',
  'Number',
  'Name',
  'Company',
  'Dialled',
  'Queue',
  'Agent',
  'Extension',
  'Talked (s)',
  'Transfers',
  'Recorded',
  'Wrap-up code',
  'Case',
  'Notes',
];

/**
 * The calls of a list as CSV, the newest first, at most 50,000; times are those of the zone asked for. Throws
 * `plan-required`, `permission-required`, `invalid-input` for a time zone that does not exist.
 */
export async function exportCalls(
  deps: ReportDeps,
  viewer: Viewer,
  query: ExportQuery,
): Promise<string> {
  requireHistory(viewer);
  requirePermission(viewer, 'export-history');
  const { db } = deps;
  const { organizationId } = viewer;
  const time = timeIn(query.timeZone);
  const { filter, country } = await filterOf(deps, viewer, query);
  const rows: string[][] = [];
  let after: CallPlace | null = null;
  while (rows.length < mostExported) {
    const places: CallPlace[] = await listCalls(db, organizationId, filter, after, readAtOnce);
    const calls = await inOrder(db, organizationId, places);
    const listed = await presentCalls(deps, organizationId, calls, country, noteLength);
    rows.push(...listed.map((call) => rowOf(call, time)));
    after = places.at(-1) ?? null;
    if (places.length < readAtOnce) break;
  }
  return csvOf(titles, rows.slice(0, mostExported));
}

function rowOf(call: ListedCall, time: (iso: string | null) => string): string[] {
  const { party, answeredBy, placedBy } = call;
  const agent = answeredBy ?? placedBy;
  const talked =
    call.answeredAt === null || call.endedAt === null
      ? ''
      : String(Math.round((Date.parse(call.endedAt) - Date.parse(call.answeredAt)) / 1000));
  return [
    time(call.startedAt),
    time(call.answeredAt),
    time(call.endedAt),
    call.direction,
    call.result ?? '',
    party.e164 ?? party.display,
    call.name,
    call.company,
    call.dialled,
    call.queue ?? '',
    agent?.name ?? '',
    agent?.extension ?? '',
    talked,
    call.transfers
      .map(({ kind, from, to }) => `${kind}: ${from ?? '?'} to ${to ?? '?'}`)
      .join('; '),
    call.recorded ? 'yes' : '',
    call.wrapUpCodes.join('; '),
    call.case?.number ?? '',
    call.notes.map(noteText).join('\n'),
  ];
}

function noteText({ by, text, cut }: CallNote): string {
  return `${by === '' ? '' : `${by}: `}${text}${cut ? '…' : ''}`;
}

/** `2026-11-23 09:00:05` in a zone, as spreadsheets read it. */
function timeIn(timeZone: string): (iso: string | null) => string {
  try {
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    return (iso) => (iso === null ? '' : format.format(new Date(iso)));
  } catch {
    throw new RingsideError('invalid-input', 'This time zone does not exist.', {
      fields: [{ field: 'timeZone', message: 'Use a name such as Europe/Berlin.' }],
    });
  }
}
