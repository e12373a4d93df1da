import { Group, Pagination, Text, VisuallyHidden } from '@mantine/core';
import {
  columnVisibilityFeature,
  createColumnHelper,
  createPaginatedRowModel,
  rowPaginationFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useMemo } from 'react';
import type { ConnectionRow, PersonRow } from '../../../src/organization/contract.ts';
import table from '../ui/data-table.module.css';
import { count } from '../ui/moment.ts';
import { CrmUserCell } from './crm-user-cell.tsx';
import { ExtensionInput } from './extension-input.tsx';
import { useForm } from './organization-context.ts';
import classes from './people-table.module.css';
import { PersonCell } from './person-cell.tsx';
import { PersonMenu } from './person-menu.tsx';
import { PlanSelect } from './plan-select.tsx';
import { RoleSelect } from './role-select.tsx';
import { connectionLabel } from './connection-label.ts';

export const peoplePerPage = 25;

const features = tableFeatures({
  columnVisibilityFeature,
  rowPaginationFeature,
  paginatedRowModel: createPaginatedRowModel(),
});
const column = createColumnHelper<typeof features, PersonRow>();

interface PeopleTableProps {
  people: PersonRow[];
  connections: readonly ConnectionRow[];
  /** Whether the column of a connection is shown, by connection id. */
  shown: Readonly<Record<string, boolean>>;
  page: number;
  onPage: (page: number) => void;
  onNewLink: (person: PersonRow) => void;
  onReset: (person: PersonRow) => void;
}

/** A row per person; the columns of CRM users come and go with their icons. */
export function PeopleTable({
  people,
  connections,
  shown,
  page,
  onPage,
  onNewLink,
  onReset,
}: PeopleTableProps) {
  const columns = useMemo(
    () => columnsOf(connections, { onNewLink, onReset }),
    [connections, onNewLink, onReset],
  );
  const grid = useTable({
    features,
    columns,
    data: people,
    getRowId: (person) => person.id,
    state: {
      pagination: { pageIndex: page, pageSize: peoplePerPage },
      columnVisibility: Object.fromEntries(connections.map(({ id }) => [id, shown[id] === true])),
    },
    autoResetPageIndex: false,
  });
  const pages = grid.getPageCount();
  return (
    <>
      <table role="table" className={`${table.table} ${classes.table}`}>
        <thead role="rowgroup">
          {grid.getHeaderGroups().map((group) => (
            <tr key={group.id} role="row">
              {group.headers.map((header) => (
                <th
                  key={header.id}
                  role="columnheader"
                  scope="col"
                  className={crmClass(header.column.id, connections)}
                >
                  <grid.FlexRender header={header} />
                </th>
              ))}
            </tr>
          ))}
        </thead>
        <tbody role="rowgroup">
          {grid.getRowModel().rows.map((row) => (
            <tr key={row.id} role="row" data-person={row.original.email}>
              {row.getVisibleCells().map((cell) => (
                <td key={cell.id} role="cell" data-label={labelOf(cell.column.id, connections)}>
                  <grid.FlexRender cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {pages > 1 && (
        <Group justify="space-between" mt="md">
          <Text size="sm" c="dimmed" className="tabular">
            {count(page * peoplePerPage + 1)} to{' '}
            {count(Math.min(people.length, (page + 1) * peoplePerPage))} of {count(people.length)}{' '}
            people
          </Text>
          <Pagination
            total={pages}
            value={page + 1}
            onChange={(value) => onPage(value - 1)}
            size="sm"
            getControlProps={(control) => ({ 'aria-label': `${control} page` })}
            getItemProps={(value) => ({ 'aria-label': `Page ${value}` })}
          />
        </Group>
      )}
    </>
  );
}

const titles: Record<string, string> = {
  extension: 'Phone Extension',
  role: 'Role',
  plan: 'Selected Plan',
};

function labelOf(columnId: string, connections: readonly ConnectionRow[]): string | undefined {
  const connection = connections.find(({ id }) => id === columnId);
  return connection === undefined ? titles[columnId] : connectionLabel(connection, connections);
}

function crmClass(columnId: string, connections: readonly ConnectionRow[]): string | undefined {
  return connections.some(({ id }) => id === columnId) ? classes.crm : undefined;
}

type PersonActions = Record<'onNewLink' | 'onReset', (person: PersonRow) => void>;

function columnsOf(connections: readonly ConnectionRow[], actions: PersonActions) {
  return column.columns([
    column.display({
      id: 'person',
      header: 'Username',
      cell: ({ row }) => <PersonCell person={row.original} />,
    }),
    column.display({
      id: 'extension',
      header: 'Phone Extension',
      cell: ({ row }) => <Field person={row.original} field="extension" />,
    }),
    column.display({
      id: 'role',
      header: 'Role',
      cell: ({ row }) => <Field person={row.original} field="role" />,
    }),
    column.display({
      id: 'plan',
      header: 'Selected Plan',
      cell: ({ row }) => <Field person={row.original} field="plan" />,
    }),
    ...connections.map((connection) =>
      column.display({
        id: connection.id,
        header: connectionLabel(connection, connections),
        cell: ({ row }) => (
          <CrmUserCell
            person={row.original}
            connection={connection}
            label={connectionLabel(connection, connections)}
          />
        ),
      }),
    ),
    column.display({
      id: 'more',
      header: () => <VisuallyHidden>More</VisuallyHidden>,
      cell: ({ row }) => <More person={row.original} {...actions} />,
    }),
  ]);
}

function Field({ person, field }: { person: PersonRow; field: 'extension' | 'role' | 'plan' }) {
  const { set, errors } = useForm();
  const path = `people.${person.id}.${field}`;
  const common = { personName: person.name, path, error: errors[path], onSet: set };
  if (field === 'extension') return <ExtensionInput {...common} value={person.extension} />;
  if (field === 'role') return <RoleSelect {...common} value={person.role} />;
  return <PlanSelect {...common} value={person.plan} />;
}

function More(props: PersonActions & { person: PersonRow }) {
  return <PersonMenu {...props} set={useForm().set} />;
}
