import { Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import type { ConnectionRow } from '../../../src/organization/contract.ts';
import { Ago } from '../ui/ago.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { CaseRightNotice } from './case-right-notice.tsx';
import { CheckStep } from './check-step.tsx';
import classes from './check-run-view.module.css';
import { VerdictNotice } from './verdict-notice.tsx';
import { Oddities } from './oddities.tsx';
import { PullProgress } from './pull-progress.tsx';
import type { SystemsCheck } from './use-systems-check.ts';

/** One connection's check: verdict, ten steps, the pull, what was odd. */
export function CheckRunView({
  check,
  connection,
}: {
  check: SystemsCheck;
  connection: ConnectionRow;
}) {
  const { id, title, state } = connection;
  const run = check.runs[id] ?? null;
  const problem = check.problems[id];
  if (state === 'new') {
    return (
      <Text size="sm">
        {title} has no credential yet: close this and modify the connection under ‘Connected Account
        and CRM Settings’.
      </Text>
    );
  }
  if (run === null) {
    return problem === undefined ? (
      <Loader size="sm" aria-label="Starting the check" />
    ) : (
      <ProblemAlert error={problem} title="The check could not be started" />
    );
  }
  const running = run.status === 'running';
  const pulling = run.pulls.some(({ status }) => status !== 'skipped' && status !== 'waiting');
  return (
    <Stack gap="lg">
      {problem !== undefined && (
        <ProblemAlert error={problem} title="The check could not be followed" />
      )}
      <VerdictNotice run={run} title={title} />
      <section aria-label="Steps">
        <ol className={classes.steps}>
          {run.steps.map((step) => (
            <CheckStep key={step.id} step={step} />
          ))}
        </ol>
      </section>
      {run.caseRight !== null && <CaseRightNotice right={run.caseRight} />}
      {pulling && (
        <section aria-label="Data" ref={running ? scrollIntoSight : undefined}>
          <Title order={3} mb="xs">
            Data pulled from {title}
          </Title>
          <Stack gap="sm">
            {run.pulls.map((pull) => (
              <PullProgress key={pull.kind} pull={pull} />
            ))}
          </Stack>
        </section>
      )}
      <Oddities
        oddities={run.oddities}
        finished={run.status === 'passed' || run.status === 'warned'}
      />
      <Group justify="space-between" className={classes.foot}>
        <Text size="xs" c="dimmed">
          Started by {run.startedBy} <Ago time={run.startedAt} />
          {running && '. You can close this; the check goes on.'}
          {run.byNight && '. By night nothing is pulled.'}
        </Text>
        <Group gap="xs">
          {running ? (
            <Button variant="default" size="xs" onClick={() => check.cancel(run)}>
              Stop the check
            </Button>
          ) : (
            <Button variant="default" size="xs" onClick={() => check.again(id)}>
              Check again
            </Button>
          )}
          <Button size="xs" onClick={check.close}>
            Close
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}

/** The pull begins below the ten steps, often out of sight. */
function scrollIntoSight(section: HTMLElement | null): void {
  section?.scrollIntoView({ behavior: 'smooth', block: 'nearest' });
}
