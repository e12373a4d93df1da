import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ListedCall } from '../../../src/reports/contract.ts';
import { durationOf } from '../desk/wording.ts';
import table from '../ui/data-table.module.css';
import { dateTime } from '../ui/moment.ts';
import { TableHead } from '../ui/table-head.tsx';
import { CallSummaryLines } from './call-summary.tsx';
import { directionText, partyText, resultText } from './wording.ts';

const titles = ['When', 'Who', 'Dialled', 'Result', 'Agent', 'Notes and case'];

export function CallTable({ calls }: { calls: readonly ListedCall[] }) {
  return (
    <table role="table" className={`${table.table} ${table.text}`}>
      <TableHead titles={titles} />
      <tbody role="rowgroup">
        {calls.map((call) => (
          <tr key={call.id} role="row">
            <td role="cell" data-label="When" className="tabular">
              {dateTime(call.startedAt)}
            </td>
            <td role="cell" data-label="Who">
              <div>
                <div>
                  <Anchor
                    inherit
                    renderRoot={(props) => (
                      <Link {...props} to="/calls/$callId" params={{ callId: call.id }} />
                    )}
                  >
                    {partyText(call)}
                  </Anchor>
                </div>
                {call.name === '' && call.company !== '' ? call.party.display : call.company}
              </div>
            </td>
            <td role="cell" data-label="Dialled">
              <span>
                {directionText(call)}
                {call.dialled === '' ? '' : ` · ${call.dialled}`}
                {call.queue === null ? '' : ` · ${call.queue}`}
              </span>
            </td>
            <td role="cell" data-label="Result">
              <span>
                {resultText(call)}
                {call.answeredAt !== null && call.endedAt !== null
                  ? ` · ${durationOf(call.answeredAt, Date.parse(call.endedAt))}`
                  : ''}
              </span>
            </td>
            <td role="cell" data-label="Agent">
              {agentText(call)}
            </td>
            <td role="cell" data-label="Notes and case">
              <div>
                <CallSummaryLines summary={call} lines={2} />
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** '' while it rings: somebody may still answer. */
function agentText({ answeredBy, placedBy, endedAt }: ListedCall): string {
  const agent = answeredBy ?? placedBy;
  if (agent === null && endedAt === null) return '';
  return agent === null ? 'nobody' : (agent.name ?? agent.extension);
}
