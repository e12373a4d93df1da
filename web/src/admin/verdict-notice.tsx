import { Loader, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconHandStop } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import type { CheckRun } from '../../../src/systems-check/contract.ts';
import { count } from '../ui/moment.ts';
import { verdictOf } from './check-verdict.ts';
import type { Verdict } from './check-verdict.ts';
import classes from './verdict-notice.module.css';

const icons: Record<Verdict['tone'], ReactNode> = {
  running: <Loader size={26} aria-hidden="true" />,
  pass: <IconCircleCheck size={28} aria-hidden="true" />,
  warn: <IconAlertTriangle size={28} aria-hidden="true" />,
  fail: <IconCircleX size={28} aria-hidden="true" />,
  stopped: <IconHandStop size={28} aria-hidden="true" />,
};

/** Whether the connection works, on top of everything else. */
export function VerdictNotice({ run, title }: { run: CheckRun; title: string }) {
  return (
    <VerdictBox verdict={verdictOf(run, title)}>
      {run.counts !== null && (
        <Text size="sm" mt={4} className="tabular">
          {count(run.counts.users)} users, {count(run.counts.customers)} customers,{' '}
          {count(run.counts.contacts)} contacts, {count(run.counts.cases)} cases
        </Text>
      )}
    </VerdictBox>
  );
}

/** A verdict; read out when it changes. */
export function VerdictBox({ verdict, children }: { verdict: Verdict; children?: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const wasRunning = useRef(false);
  // Whoever followed the check further down sees how it ended.
  useEffect(() => {
    const running = verdict.tone === 'running';
    if (wasRunning.current && !running)
      box.current?.scrollIntoView({ behavior: 'smooth', block: 'nearest' });
    wasRunning.current = running;
  }, [verdict.tone]);
  return (
    <div ref={box} className={classes.verdict} data-tone={verdict.tone} role="status">
      <span className={classes.icon}>{icons[verdict.tone]}</span>
      <div>
        <Text fw={650} size="lg" lh={1.3}>
          {verdict.title}
        </Text>
        <Text size="sm">{verdict.detail}</Text>
        {children}
      </div>
    </div>
  );
}
