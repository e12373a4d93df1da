import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { Link, useRouteContext } from '@tanstack/react-router';
import { useState } from 'react';
import { forgottenPassword } from '../../../src/organization/contract.ts';
import { api, nothing } from '../ui/api.ts';
import { FormProblem } from '../ui/form-problem.tsx';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { EntryCard } from './entry-card.tsx';

/** The way to a new password: by mail where the hub sends any, else whom to ask. */
export function ForgottenPasswordPage() {
  const { mail } = useRouteContext({ from: '/sign-in/forgotten' });
  const [sentTo, setSentTo] = useState<string | null>(null);
  const lead = !mail
    ? 'This hub sends no mail, so somebody else has to help.'
    : sentTo === null
      ? 'We send you a link with which you choose a new one.'
      : 'Look into your mail.';
  return (
    <EntryCard title="Forgot your password?" lead={lead}>
      <Stack>
        {!mail && (
          <Text size="sm">
            Ask an administrator of your organization: in Manage Organization &gt; CRM User
            Mappings, the menu of your row makes a password link for you.
          </Text>
        )}
        {mail && sentTo === null && <AddressForm onSent={setSentTo} />}
        {sentTo !== null && (
          <Text size="sm" role="status">
            If {sentTo} signs in here by password, a link is on its way. It is good for an hour.
            Nothing there after some minutes? Look into the spam folder, or ask an administrator of
            your organization.
          </Text>
        )}
        <Anchor component={Link} to="/sign-in" size="sm" ta="center">
          Back to sign-in
        </Anchor>
      </Stack>
    </EntryCard>
  );
}

function AddressForm({ onSent }: { onSent: (email: string) => void }) {
  const form = useForm({
    mode: 'controlled',
    initialValues: { email: '' },
    validate: schemaResolver(forgottenPassword, { sync: true }),
  });
  const { onSubmit, busy, problem } = useFormSubmit(form, async ({ email }) => {
    await api.post('/api/auth/forgotten-password', { email }, nothing, { quiet: true });
    onSent(email.trim());
  });
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        <FormProblem problem={problem} title="Nothing was sent" />
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          autoFocus
          {...form.getInputProps('email')}
        />
        <Button type="submit" loading={busy} fullWidth>
          Send me a link
        </Button>
      </Stack>
    </form>
  );
}
