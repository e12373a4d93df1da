import { Anchor, Button, Divider, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { singleSignOnAway } from '../../../src/organization/single-sign-on-contract.ts';
import { api } from '../ui/api.ts';
import { framed } from '../ui/framed.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';

/** Away to the sign-in service of the organization that the e-mail address belongs to. */
export function SingleSignOnButton({ email, returnPath }: { email: string; returnPath: string }) {
  const start = useMutation({
    mutationFn: () =>
      api.post('/api/auth/single-sign-on/start', { email, return: returnPath }, singleSignOnAway, {
        quiet: true,
      }),
    onSuccess: ({ url }) => window.location.assign(url),
  });
  if (framed) {
    return (
      <Text size="sm" c="dimmed" ta="center">
        Single sign-on does not work inside a frame.{' '}
        <Anchor href="/sign-in" target="_blank" rel="noopener" size="sm">
          Open Ringside in a tab
        </Anchor>
      </Text>
    );
  }
  return (
    <>
      <Divider label="or" />
      {start.isError && <ProblemAlert error={start.error} title="Not possible" />}
      <Button
        variant="default"
        fullWidth
        loading={start.isPending || start.isSuccess}
        onClick={() => start.mutate()}
      >
        Use single sign-on
      </Button>
      <Text size="xs" c="dimmed" ta="center">
        With the e-mail address above, no password.
      </Text>
    </>
  );
}
