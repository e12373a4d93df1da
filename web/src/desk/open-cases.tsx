import { Button, Table, Text } from '@mantine/core';
import type { Candidate, OpenCase, Pop } from '../../../src/desk/contract.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { Panel } from './panel.tsx';
import { RecordLink } from './record-link.tsx';
import { useShortcut } from './use-shortcut.ts';
import { useWork } from './use-work.ts';
import { ageOf, exactTime } from './wording.ts';
import classes from './open-cases.module.css';

/** The caller's open cases, most urgent first as the hub sorted them. Narrow windows fold the columns into one. */
export function OpenCases({
  pop,
  candidate,
  now,
}: {
  pop: Pop;
  candidate: Candidate;
  now: number;
}) {
  const { openCases, openCaseCount } = candidate;
  const tagging = useWork(pop.callId, 'put', 'case');
  const keyOf = (id: string) => `case:${candidate.key.split(':')[1] ?? ''}:${id}`;
  const first = openCases[0];
  const tag = (id: string) => tagging.mutate({ key: keyOf(id) });
  const canTag = pop.work.case === null;
  useShortcut(
    'tag-first',
    () => first && tag(first.id),
    canTag && first !== undefined,
    first?.number,
  );
  if (openCaseCount === 0) {
    return (
      <Panel title="Open cases">
        <Text size="sm" c="dimmed">
          No open cases.
        </Text>
      </Panel>
    );
  }
  const more = openCaseCount - openCases.length;
  return (
    <Panel title="Open cases" count={openCaseCount}>
      {tagging.error !== null && (
        <ProblemAlert error={tagging.error} title="The case was not tagged." />
      )}
      <Table className={classes.cases} verticalSpacing={7} horizontalSpacing="sm" layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th className={classes.caseNumber}>Number</Table.Th>
            <Table.Th>Short description</Table.Th>
            <Table.Th className={classes.wideOnly}>State</Table.Th>
            <Table.Th className={`${classes.casePriority} ${classes.wideOnly}`}>Priority</Table.Th>
            <Table.Th className={`${classes.caseAge} ${classes.wideOnly}`}>Age</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {openCases.map((row) => (
            <Table.Tr key={row.id}>
              <Table.Td className={classes.caseNumber}>
                <RecordLink link={row.link}>{row.number}</RecordLink>
                {canTag ? (
                  <Button
                    size="compact-xs"
                    variant="light"
                    onClick={() => tag(row.id)}
                    disabled={tagging.isPending}
                    aria-label={`Tag ${row.number}`}
                  >
                    Tag
                  </Button>
                ) : (
                  pop.work.case?.key === keyOf(row.id) && (
                    <Text size="xs" fw={600}>
                      tagged
                    </Text>
                  )
                )}
              </Table.Td>
              <Table.Td>
                <Text size="sm" lineClamp={2} title={row.shortDescription}>
                  {row.shortDescription === '' ? 'No description' : row.shortDescription}
                </Text>
                <Text size="xs" c="dimmed" className={classes.narrowOnly}>
                  {[row.state, row.priority, ageText(row, now)]
                    .filter((part) => part !== '')
                    .join(' · ')}
                </Text>
              </Table.Td>
              <Table.Td className={classes.wideOnly}>
                <Text size="sm" lineClamp={2}>
                  {row.state}
                </Text>
              </Table.Td>
              <Table.Td className={classes.wideOnly}>
                <Priority row={row} />
              </Table.Td>
              <Table.Td
                className={`${classes.caseAge} ${classes.wideOnly}`}
                title={row.openedAt === null ? '' : `Opened ${exactTime(row.openedAt)}`}
              >
                {ageText(row, now) || '–'}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {more > 0 && (
        <Text size="xs" c="dimmed" mt={6}>
          and {more} more in ServiceNow
        </Text>
      )}
    </Panel>
  );
}

function ageText(row: OpenCase, now: number): string {
  return row.openedAt === null ? '' : ageOf(row.openedAt, now);
}

function Priority({ row }: { row: OpenCase }) {
  return (
    <span className={classes.priority}>
      <span
        className={classes.priorityDot}
        data-rank={Math.min(row.priorityRank, 4)}
        aria-hidden="true"
      />
      {row.priority === '' ? '–' : row.priority}
    </span>
  );
}
