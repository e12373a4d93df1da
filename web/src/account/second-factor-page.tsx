import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from '@mantine/core';
import { signOut } from '../ui/sign-out.ts';
import { meQuery, useMe } from '../ui/use-me.ts';
import { EntryCard } from './entry-card.tsx';
import { SecondFactorSetup } from './second-factor-setup.tsx';

/** For whoever is signed in and may do nothing else before a second factor is set up. */
export function SecondFactorPage() {
  const { organization } = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const done = async () => {
    await client.refetchQueries({ queryKey: meQuery.queryKey });
    await navigate({ to: '/' });
  };
  return (
    <EntryCard
      title="Set up two-factor sign-in"
      lead={`${organization.name} asks you for a code from your telephone besides the password.`}
    >
      <SecondFactorSetup onDone={() => void done()} />
      <Button variant="subtle" fullWidth mt="sm" onClick={() => void signOut()}>
        Sign out
      </Button>
    </EntryCard>
  );
}
