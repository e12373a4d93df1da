import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { columnOf, importTitles } from '../../../src/organization/people-csv-contract.ts';
import type { ImportPreview, ImportRow } from '../../../src/organization/people-csv-contract.ts';
import { count, counted } from '../ui/moment.ts';
import { PreviewTable } from './preview-table.tsx';

/** What an import would do: wrong rows first, each with what to mend. */
export function ImportRows({ preview }: { preview: ImportPreview }) {
  const of = (action: ImportRow['action']) => preview.rows.filter((row) => row.action === action);
  const [wrong, create, change] = [of('wrong'), of('create'), of('change')];
  const same = of('same').length;
  return (
    <>
      <Text size="sm" role="status">
        {counted(preview.rows.length, 'row', 'rows')}: {count(create.length)} new,{' '}
        {count(change.length)} changed, {count(same)} as they are, {count(wrong.length)} wrong.
        {same === preview.rows.length && ' There is nothing to import.'}
        {preview.newTeams.length > 0 && ` New teams: ${preview.newTeams.join(', ')}.`}
        {preview.ignored.length > 0 && ` Not read: ${preview.ignored.join(', ')}.`}
      </Text>
      {wrong.length > 0 && (
        <>
          <Alert
            color="red"
            variant="light"
            icon={<IconAlertTriangle aria-hidden="true" />}
            title="Nothing can be imported yet"
          >
            Mend these rows in the file, then choose it again.
          </Alert>
          <PreviewTable
            title="Wrong rows"
            columns={['Row', 'Person', 'What is wrong']}
            rows={wrong.map((row) => ({
              key: row.row,
              cells: [
                row.row,
                row.email || row.name || '–',
                row.errors.map(({ field, message, fix }) => {
                  const column = columnOf(field);
                  return (
                    <div key={`${field} ${message}`}>
                      {column !== null && <b>{column}:</b>} {message} {fix}
                    </div>
                  );
                }),
              ],
            }))}
          />
        </>
      )}
      {create.length > 0 && (
        <PreviewTable
          title="New people"
          columns={['Row', 'Person', 'With']}
          rows={create.map((row) => ({
            key: row.row,
            cells: [row.row, `${row.name}, ${row.email}`, withWhat(row)],
          }))}
        />
      )}
      {change.length > 0 && (
        <PreviewTable
          title="Changes"
          columns={['Row', 'Person', 'Change']}
          rows={change.map((row) => ({
            key: row.row,
            cells: [
              row.row,
              row.name,
              row.changes.map(({ field, before, after }) => (
                <div key={field}>
                  {importTitles[field]}: {before || 'none'} → {after || 'none'}
                </div>
              )),
            ],
          }))}
        />
      )}
    </>
  );
}

function withWhat({ changes }: ImportRow): string {
  return changes
    .filter(({ field, after }) => !['name', 'email'].includes(field) && after !== 'yes')
    .map(({ field, after }) =>
      field === 'active'
        ? 'not active'
        : field === 'extension'
          ? `extension ${after}`
          : field === 'plan'
            ? `${after} plan`
            : field === 'teams'
              ? `in ${after}`
              : field === 'supervises'
                ? `supervises ${after}`
                : after,
    )
    .join(', ');
}
