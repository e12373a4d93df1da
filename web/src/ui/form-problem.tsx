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
  const listed = problem.errors.filter(({ message }) => message !== problem.detail);
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
      {listed.length > 0 && (
        <List size="sm" mt={4}>
          {listed.map((entry) => (
            <List.Item key={`${entry.field} ${entry.message}`}>{entry.message}</List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}
