import { ScrollArea, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { count } from '../ui/moment.ts';

/** More rows make a pop-up slow; what is beyond is told as a number. */
const mostShown = 200;

interface PreviewTableProps {
  title: string;
  columns: readonly string[];
  rows: readonly { key: string | number; cells: readonly ReactNode[] }[];
}

/** Rows that are about to change, or not, in a box that scrolls. */
export function PreviewTable({ title, columns, rows }: PreviewTableProps) {
  return (
    <section aria-label={title}>
      <Text fw={600} size="sm" mb={4}>
        {title} ({count(rows.length)})
      </Text>
      <ScrollArea.Autosize
        mah={260}
        type="auto"
        viewportProps={{ tabIndex: 0, role: 'group', 'aria-label': title }}
      >
        <Table verticalSpacing={6} fz="sm" stickyHeader>
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <Table.Th key={column} scope="col">
                  {column}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.slice(0, mostShown).map(({ key, cells }) => (
              <Table.Tr key={key}>
                {cells.map((cell, at) => (
                  <Table.Td
                    key={columns[at]}
                    // Only what fits nowhere is broken within a word.
                    style={{ overflowWrap: 'break-word', verticalAlign: 'top' }}
                  >
                    {cell}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
      {rows.length > mostShown && (
        <Text size="xs" c="dimmed" mt={4}>
          and {count(rows.length - mostShown)} more
        </Text>
      )}
    </section>
  );
}
