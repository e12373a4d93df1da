import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { singleSignOnSentences } from '../../../src/organization/single-sign-on.ts';
import type { SingleSignOnProblem } from '../../../src/organization/single-sign-on.ts';

/** Why somebody who came back from their sign-in service was not let in. */
export function SingleSignOnProblemNotice({ problem }: { problem: SingleSignOnProblem }) {
  return (
    <Alert
      color="red"
      variant="light"
      role="alert"
      icon={<IconAlertTriangle aria-hidden="true" />}
      title="You are not signed in"
    >
      <Text size="sm">{singleSignOnSentences[problem]}</Text>
    </Alert>
  );
}
