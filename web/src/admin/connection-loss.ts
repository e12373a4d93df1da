import type { OutboxOverview } from '../../../src/desk/mend-contract.ts';
import type { ConnectionRow, OrganizationView } from '../../../src/organization/contract.ts';
import { counted } from '../ui/moment.ts';
import { connectionLabel } from './connection-label.ts';

/** What goes with a connection when it is removed, beside its credential and its data, one sentence each; `outbox` as it is now. */
export function connectionLosses(
  connection: ConnectionRow,
  view: Pick<OrganizationView, 'connections' | 'people'>,
  outbox: OutboxOverview,
): { text: string; grave: boolean }[] {
  const mapped = view.people.filter((person) => person.crmUsers[connection.id] != null).length;
  const overview = outbox.connections.find(({ connectionId }) => connectionId === connection.id);
  const unsent = (overview?.waiting ?? 0) + (overview?.attention ?? 0);
  // As the server has it: the oldest of the others.
  const next = view.connections.find(({ id }) => id !== connection.id);
  return [
    ...(unsent === 0
      ? []
      : [
          {
            text: `${counted(unsent, 'note, case or call', 'notes, cases and calls')} in the Outbox that did not get to ${connection.title} yet ${unsent === 1 ? 'is' : 'are'} lost.`,
            grave: true,
          },
        ]),
    {
      text:
        mapped === 0
          ? 'No person is mapped to it.'
          : `${counted(mapped, 'person loses', 'people lose')} their CRM user.`,
      grave: false,
    },
    ...(connection.primary && next !== undefined
      ? [
          {
            text: `${connectionLabel(next, view.connections)} becomes the primary connection.`,
            grave: false,
          },
        ]
      : []),
  ];
}
