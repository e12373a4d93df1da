import { Alert, List, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { asProblem } from './problem.ts';

interface ProblemAlertProps {
  error: unknown;
  /** What was tried, for example 'The connection was not saved.' */
  title?: string;
  children?: ReactNode;
}

/** What went wrong, what can be done, and the fields at fault that the form itself does not show. */
export function ProblemAlert({ error, title = 'That did not work', children }: ProblemAlertProps) {
  const problem = asProblem(error);
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden="true" />}
      title={title}
      role="alert"
    >
      <Text size="sm">
        {problem.detail} {problem.fix}
      </Text>
      {problem.errors.length > 0 && (
        <List size="sm" mt={4}>
          {problem.errors.map((entry) => (
            <List.Item key={`${entry.field} ${entry.message}`}>{entry.message}</List.Item>
          ))}
        </List>
      )}
      {children}
    </Alert>
  );
}
