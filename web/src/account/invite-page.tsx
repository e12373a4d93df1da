import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { codeNeeded, invitationInput, invitationView } from '../../../src/organization/contract.ts';
import { api } from '../ui/api.ts';
import { FormProblem } from '../ui/form-problem.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { PendingPage } from '../ui/problem-page.tsx';
import { queryClient } from '../ui/query-client.ts';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { EntryCard } from './entry-card.tsx';
import { SingleSignOnButton } from './single-sign-on-button.tsx';

/** Behind an invitation link: choose a password and come in. */
export function InvitePage() {
  const { token } = useParams({ from: '/invite/$token' });
  const path = `/invitations/${encodeURIComponent(token)}`;
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => api.get(path, invitationView, { signal }),
    refetchOnWindowFocus: false,
  });
  if (invitation.isPending) return <PendingPage />;
  if (invitation.isError) {
    return (
      <EntryCard
        title="This invitation cannot be used"
        lead="It may be used already, or be replaced by a newer one."
      >
        <Stack>
          <ProblemAlert error={invitation.error} title="No invitation found" />
          <Button component={Link} to="/sign-in" variant="default">
            Go to sign-in
          </Button>
        </Stack>
      </EntryCard>
    );
  }
  const { name, email, organization, singleSignOn } = invitation.data;
  if (singleSignOn) {
    return (
      <EntryCard
        title={`Welcome, ${name}`}
        lead={`${organization} uses Ringside. You come in by single sign-on: there is no password to choose.`}
      >
        <Stack>
          <TextInput label="E-mail" value={email} readOnly />
          <SingleSignOnButton email={email} returnPath="/" />
        </Stack>
      </EntryCard>
    );
  }
  return (
    <EntryCard
      title={`Welcome, ${name}`}
      lead={`${organization} uses Ringside. Choose a password to come in.`}
    >
      <PasswordChoice path={path} email={email} />
    </EntryCard>
  );
}

function PasswordChoice({ path, email }: { path: string; email: string }) {
  const navigate = useNavigate();
  const form = useForm({
    mode: 'controlled',
    initialValues: { password: '' },
    validate: schemaResolver(invitationInput, { sync: true }),
    validateInputOnBlur: true,
  });
  const { onSubmit, busy, problem } = useFormSubmit(form, async (values) => {
    const step = await api.post(path, values, codeNeeded.nullable());
    queryClient.clear();
    await (step === null ? navigate({ to: '/' }) : navigate({ to: '/sign-in/code', search: {} }));
  });
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        <FormProblem problem={problem} title="Not accepted yet" />
        <TextInput label="E-mail" value={email} readOnly autoComplete="username" />
        <PasswordInput
          label="Password"
          description="At least 12 characters."
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
        <Button type="submit" loading={busy} mt="xs" fullWidth>
          Accept the invitation
        </Button>
      </Stack>
    </form>
  );
}
