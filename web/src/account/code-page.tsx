import { Anchor, Button, Checkbox, Stack, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { codeInput } from '../../../src/organization/contract.ts';
import { api, nothing } from '../ui/api.ts';
import { FormProblem } from '../ui/form-problem.tsx';
import { queryClient } from '../ui/query-client.ts';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { EntryCard } from './entry-card.tsx';

/** The second step of signing in. */
export function CodePage() {
  const router = useRouter();
  const search = useSearch({ from: '/sign-in/code' });
  const form = useForm({
    mode: 'controlled',
    initialValues: { code: '', trustBrowser: false },
    validate: schemaResolver(codeInput, { sync: true }),
  });
  const { onSubmit, busy, problem } = useFormSubmit(form, async (values) => {
    await api.post('/api/auth/sign-in/code', values, nothing, { quiet: true });
    queryClient.clear();
    router.history.push(search.return ?? '/');
  });
  return (
    <EntryCard
      title="Enter your code"
      lead="The six digits that your authenticator app shows, or one of your recovery codes."
    >
      <form onSubmit={onSubmit} noValidate>
        <Stack>
          <FormProblem problem={problem} title="You are not signed in" />
          <TextInput
            label="Code"
            autoComplete="one-time-code"
            autoFocus
            {...form.getInputProps('code')}
          />
          <Checkbox
            label="Do not ask for a code in this browser for 30 days"
            {...form.getInputProps('trustBrowser', { type: 'checkbox' })}
          />
          <Button type="submit" loading={busy} mt="xs" fullWidth>
            Sign in
          </Button>
          <Anchor component={Link} to="/sign-in" size="sm" ta="center">
            Begin again
          </Anchor>
        </Stack>
      </form>
    </EntryCard>
  );
}
