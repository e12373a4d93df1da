import { Code } from '@mantine/core';
import type { AuditEntry } from '../../../src/organization/audit-contract.ts';
import table from '../ui/data-table.module.css';
import { dateTime } from '../ui/moment.ts';
import { TableHead } from '../ui/table-head.tsx';

export function AuditTable({ entries }: { entries: readonly AuditEntry[] }) {
  return (
    <table role="table" className={`${table.table} ${table.text}`}>
      <TableHead titles={['When', 'Who', 'What', 'Detail']} />
      <tbody role="rowgroup">
        {entries.map(({ id, at, by, action, subject, detail }) => (
          <tr key={id} role="row">
            <td role="cell" data-label="When" className="tabular">
              {dateTime(at)}
            </td>
            <td role="cell" data-label="Who">
              {by.name}
            </td>
            <td role="cell" data-label="What">
              <span>
                {action}: <b>{subject}</b>
              </span>
            </td>
            <td role="cell" data-label="Detail">
              {Object.keys(detail).length > 0 && (
                <details>
                  <summary>Show</summary>
                  <Code block>{JSON.stringify(detail, null, 2)}</Code>
                </details>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
