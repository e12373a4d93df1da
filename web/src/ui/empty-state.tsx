import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './empty-state.module.css';

interface EmptyStateProps {
  icon: ReactNode;
  title: string;
  /** What to do next. */
  children: ReactNode;
}

/** In place of a list that has nothing in it yet. */
export function EmptyState({ icon, title, children }: EmptyStateProps) {
  return (
    <div className={classes.empty}>
      <div className={classes.icon} aria-hidden="true">
        {icon}
      </div>
      <Text fw={650}>{title}</Text>
      <Text size="sm" c="dimmed" component="div" maw={460}>
        {children}
      </Text>
    </div>
  );
}
