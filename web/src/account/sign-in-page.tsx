import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { useRouter, useSearch } from '@tanstack/react-router';
import { z } from 'zod';
import { api, nothing, ProblemError } from '../ui/api.ts';
import { FormProblem } from '../ui/form-problem.tsx';
import { queryClient } from '../ui/query-client.ts';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { EntryCard } from './entry-card.tsx';

const signInInput = z.object({
  email: z.string().trim().min(1, 'Type your e-mail address.'),
  password: z.string().min(1, 'Type your password.'),
});

export function SignInPage() {
  const router = useRouter();
  const search = useSearch({ from: '/sign-in' });
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '', password: '' },
    validate: schemaResolver(signInInput, { sync: true }),
  });
  const { onSubmit, busy, problem } = useFormSubmit(form, async ({ email, password }) => {
    await signIn(email.trim(), password);
    queryClient.clear();
    router.history.push(search.return ?? '/');
  });
  return (
    <EntryCard title="Sign in" lead="See who is calling before you pick up.">
      <form onSubmit={onSubmit} noValidate>
        <Stack>
          <FormProblem problem={problem} title="You are not signed in" />
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            autoFocus
            key={form.key('email')}
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            key={form.key('password')}
            {...form.getInputProps('password')}
          />
          <Button type="submit" loading={busy} mt="xs" fullWidth>
            Sign in
          </Button>
        </Stack>
      </form>
    </EntryCard>
  );
}

async function signIn(email: string, password: string): Promise<void> {
  try {
    await api.post('/api/auth/sign-in/email', { email, password }, nothing, { quiet: true });
  } catch (error) {
    if (!(error instanceof ProblemError) || ![400, 401].includes(error.status)) throw error;
    throw new ProblemError({
      status: error.status,
      code: error.code,
      detail: 'The e-mail address or the password is not right.',
      fix: 'If you have no password yet, ask an administrator for an invitation.',
    });
  }
}
