import { Badge, Button, Code, Text } from '@mantine/core';
import type { ApiKeyRow } from '../../../src/organization/api-key-contract.ts';
import { apiKeyScopes } from '../../../src/organization/api-key.ts';
import { Ago } from '../ui/ago.tsx';
import table from '../ui/data-table.module.css';
import { dateTime } from '../ui/moment.ts';
import { TableHead } from '../ui/table-head.tsx';

interface ApiKeyTableProps {
  keys: ApiKeyRow[];
  onRevoke: (key: ApiKeyRow) => void;
}

export function ApiKeyTable({ keys, onRevoke }: ApiKeyTableProps) {
  return (
    <table role="table" className={table.table}>
      <TableHead titles={['Name', 'May', 'Last used', 'Ends', 'Actions']} />
      <tbody role="rowgroup">
        {keys.map((key) => (
          <tr key={key.id} role="row">
            <td role="cell" data-label="Name">
              <div>
                <Text size="sm" fw={600}>
                  {key.name} <Code>{key.shown}…</Code>
                </Text>
                <Text size="xs" c="dimmed">
                  by {key.createdBy}, <Ago time={key.createdAt} />
                </Text>
              </div>
            </td>
            <td role="cell" data-label="May">
              {key.scopes.map((scope) => apiKeyScopes[scope].title).join(', ')}
            </td>
            <td role="cell" data-label="Last used">
              {key.lastUsedAt === null ? 'Not yet' : <Ago time={key.lastUsedAt} />}
            </td>
            <td role="cell" data-label="Ends">
              <End at={key.expiresAt} />
            </td>
            <td role="cell" data-label="Actions" className={table.actions}>
              <div>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Revoke ${key.name}`}
                  onClick={() => onRevoke(key)}
                >
                  Revoke
                </Button>
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function End({ at }: { at: string | null }) {
  if (at === null) return 'Never';
  if (Date.parse(at) > Date.now()) return <time dateTime={at}>{dateTime(at)}</time>;
  return (
    <Badge color="gray" variant="light" title={dateTime(at)}>
      Ended
    </Badge>
  );
}
