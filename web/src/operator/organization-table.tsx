import { Badge, Button, Group, Text } from '@mantine/core';
import type { OperatedOrganization } from '../../../src/organization/operator-contract.ts';
import table from '../ui/data-table.module.css';
import { count, dateTime } from '../ui/moment.ts';
import { TableHead } from '../ui/table-head.tsx';

export type OrganizationAction = 'seats' | 'invite' | 'suspend' | 'resume';

interface OrganizationTableProps {
  organizations: OperatedOrganization[];
  onAct: (action: OrganizationAction, organization: OperatedOrganization) => void;
}

const titles = ['Organization', 'Seats used and free', 'Actions'] as const;
const verbs: Record<OrganizationAction, string> = {
  seats: 'Seats',
  invite: 'New invitation',
  suspend: 'Suspend',
  resume: 'Resume',
};

export function OrganizationTable({ organizations, onAct }: OrganizationTableProps) {
  return (
    <table role="table" className={table.table}>
      <TableHead titles={titles} />
      <tbody role="rowgroup">
        {organizations.map((one) => (
          <tr key={one.id} role="row">
            <td role="cell" data-label={titles[0]}>
              <div>
                <Text size="sm" fw={600}>
                  {one.name}
                </Text>
                <Text size="xs" c="dimmed">
                  Since {dateTime(one.createdAt)}
                </Text>
                <States organization={one} />
              </div>
            </td>
            <td role="cell" data-label={titles[1]} className="tabular">
              <div>
                <Seats organization={one} />
              </div>
            </td>
            <td role="cell" data-label={titles[2]} className={table.actions}>
              <Group gap="xs" display="inline-flex" className={table.buttons}>
                {actionsOf(one).map((action) => (
                  <Button
                    key={action}
                    size="compact-sm"
                    variant="default"
                    aria-label={`${verbs[action]}: ${one.name}`}
                    onClick={() => onAct(action, one)}
                  >
                    {verbs[action]}
                  </Button>
                ))}
              </Group>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function actionsOf({ own, administered, suspendedAt }: OperatedOrganization): OrganizationAction[] {
  return [
    'seats',
    ...(administered ? [] : (['invite'] as const)),
    ...(own ? [] : ([suspendedAt === null ? 'suspend' : 'resume'] as const)),
  ];
}

function States({ organization }: { organization: OperatedOrganization }) {
  const { own, administered, suspendedAt } = organization;
  return (
    <Group gap={6} mt={2}>
      {own && (
        <Badge size="xs" variant="light" color="gray">
          Yours
        </Badge>
      )}
      {!administered && (
        <Badge size="xs" variant="light" color="yellow">
          No administrator yet
        </Badge>
      )}
      {suspendedAt !== null && (
        <Badge size="xs" variant="light" color="red" title={dateTime(suspendedAt)}>
          Suspended
        </Badge>
      )}
    </Group>
  );
}

function Seats({ organization }: { organization: OperatedOrganization }) {
  const held = organization.seats.filter(({ total, used }) => total > 0 || used > 0);
  if (held.length === 0) return <Text size="sm">None: give it some.</Text>;
  return held.map(({ plan, total, used }) => (
    <Text key={plan} size="sm">
      {plan}: {count(used)} used, {count(Math.max(0, total - used))} free
    </Text>
  ));
}
