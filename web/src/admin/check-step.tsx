import { Loader, Text } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleMinus,
  IconCircleX,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { StepView } from '../../../src/systems-check/contract.ts';
import { duration } from '../ui/moment.ts';
import classes from './check-step.module.css';

const states: Record<StepView['status'], { word: string; icon: ReactNode }> = {
  waiting: { word: 'Waiting', icon: <IconCircleDashed size={20} aria-hidden="true" /> },
  running: { word: 'Checking …', icon: <Loader size={18} aria-hidden="true" /> },
  pass: { word: 'Passed', icon: <IconCircleCheck size={20} aria-hidden="true" /> },
  warn: { word: 'Warning', icon: <IconAlertTriangle size={20} aria-hidden="true" /> },
  fail: { word: 'Failed', icon: <IconCircleX size={20} aria-hidden="true" /> },
  skip: { word: 'Not tried', icon: <IconCircleMinus size={20} aria-hidden="true" /> },
};

type ShownStep = Pick<StepView, 'title' | 'status' | 'detail' | 'fix' | 'ms'> & { id: string };

/** One step of a check. */
export function CheckStep({ step }: { step: ShownStep }) {
  const { word, icon } = states[step.status];
  return (
    <li className={classes.step} data-status={step.status} data-step={step.id}>
      <span className={classes.icon}>{icon}</span>
      <div className={classes.text}>
        <Text size="sm" fw={600}>
          {step.title}
        </Text>
        <Text size="sm" c="dimmed" className={classes.detail}>
          {step.detail}
        </Text>
        {step.fix !== null && (
          <Text size="sm" className={classes.fix}>
            <b>What to do:</b> {step.fix}
          </Text>
        )}
      </div>
      <div className={classes.outcome}>
        {step.ms !== null && step.status !== 'skip' && (
          <span className={classes.ms}>{duration(step.ms)}</span>
        )}
        <span className={classes.word}>{word}</span>
      </div>
    </li>
  );
}
