import { Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { Link, useRouteContext, useRouter, useSearch } from '@tanstack/react-router';
import { codeNeeded, signInInput } from '../../../src/organization/contract.ts';
import { api } from '../ui/api.ts';
import { FormProblem } from '../ui/form-problem.tsx';
import { queryClient } from '../ui/query-client.ts';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { EntryCard } from './entry-card.tsx';
import { SingleSignOnButton } from './single-sign-on-button.tsx';
import { SingleSignOnProblemNotice } from './single-sign-on-problem-notice.tsx';

const input = signInInput.pick({ email: true, password: true });

export function SignInPage() {
  const router = useRouter();
  const { problem: notLetIn, ...search } = useSearch({ from: '/sign-in' });
  const { singleSignOn } = useRouteContext({ from: '/sign-in' });
  const form = useForm({
    mode: 'controlled',
    initialValues: { email: '', password: '' },
    validate: schemaResolver(input, { sync: true }),
  });
  const { onSubmit, busy, problem } = useFormSubmit(form, async ({ email, password }) => {
    const path = '/api/auth/sign-in/email';
    const quiet = { quiet: true };
    const step = await api.post(path, { email, password }, codeNeeded.nullable(), quiet);
    if (step !== null) return router.navigate({ to: '/sign-in/code', search });
    queryClient.clear();
    router.history.push(search.return ?? '/');
  });
  return (
    <EntryCard title="Sign in" lead="See who is calling before you pick up.">
      <form onSubmit={onSubmit} noValidate>
        <Stack>
          {notLetIn !== undefined && problem === null && (
            <SingleSignOnProblemNotice problem={notLetIn} />
          )}
          <FormProblem problem={problem} title="You are not signed in" />
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            autoFocus
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            {...form.getInputProps('password')}
          />
          <Button type="submit" loading={busy} mt="xs" fullWidth>
            Sign in
          </Button>
          <Anchor component={Link} to="/sign-in/forgotten" size="sm" ta="center">
            Forgot your password?
          </Anchor>
          {singleSignOn && (
            <SingleSignOnButton email={form.values.email} returnPath={search.return ?? '/'} />
          )}
        </Stack>
      </form>
    </EntryCard>
  );
}
