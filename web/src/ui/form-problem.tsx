import { Alert, List, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { ProblemError } from './problem.ts';

/** Sums up at the top of a form what the server refused, and takes the focus there. */
export function FormProblem({ problem, title }: { problem: ProblemError | null; title: string }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problem !== null) box.current?.focus();
  }, [problem]);
  if (problem === null) return null;
  return (
    <Alert
      ref={box}
      tabIndex={-1}
      role="alert"
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden="true" />}
      title={title}
    >
      <Text size="sm">
        {problem.detail} {problem.fix}
      </Text>
      {problem.errors.length > 1 && (
        <List size="sm" mt={4}>
          {problem.errors.map((entry) => (
            <List.Item key={`${entry.field} ${entry.message}`}>{entry.message}</List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}
