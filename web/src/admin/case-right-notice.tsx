import { Text, Title } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconHelpCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { CheckRun } from '../../../src/systems-check/contract.ts';
import runClasses from './check-run-view.module.css';
import classes from './check-step.module.css';

type Right = NonNullable<CheckRun['caseRight']>;

const answers: Record<Right['answer'], { word: string; status: string; icon: ReactNode }> = {
  yes: { word: 'Yes', status: 'pass', icon: <IconCircleCheck size={20} aria-hidden="true" /> },
  likely: {
    word: 'Probably',
    status: 'pass',
    icon: <IconCircleCheck size={20} aria-hidden="true" />,
  },
  no: { word: 'No', status: 'fail', icon: <IconCircleX size={20} aria-hidden="true" /> },
  unknown: {
    word: 'Not known',
    status: 'skip',
    icon: <IconHelpCircle size={20} aria-hidden="true" />,
  },
};

/** Whether cases can be opened, as far as that can be known without opening one. */
export function CaseRightNotice({ right }: { right: Right }) {
  const { word, status, icon } = answers[right.answer];
  return (
    <section aria-label="Opening cases">
      <Title order={3} mb="xs">
        Can cases be opened?
      </Title>
      <ul className={runClasses.steps}>
        <li className={classes.step} data-status={status}>
          <span className={classes.icon}>{icon}</span>
          <div className={classes.text}>
            <Text size="sm" fw={600}>
              Worked out without opening one
            </Text>
            <Text size="sm" c="dimmed" className={classes.detail}>
              {right.detail}
            </Text>
            {right.fix !== null && (
              <Text size="sm" className={classes.fix}>
                <b>What to do:</b> {right.fix}
              </Text>
            )}
          </div>
          <div className={classes.outcome}>
            <span className={classes.word}>{word}</span>
          </div>
        </li>
      </ul>
    </section>
  );
}
