import { Button, Divider, PasswordInput, Stack, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { setupInput } from '../../../src/organization/contract.ts';
import { api, nothing } from '../ui/api.ts';
import { CountrySelect } from '../ui/country-select.tsx';
import { FormProblem } from '../ui/form-problem.tsx';
import { queryClient } from '../ui/query-client.ts';
import { TimeZoneSelect } from '../ui/time-zone-select.tsx';
import { guessCountry, ownTimeZone } from '../ui/time-zone.ts';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { EntryCard } from './entry-card.tsx';

/** The first visit: makes the organization and its first administrator. */
export function SetupPage() {
  const navigate = useNavigate();
  const [place] = useState(ownPlace);
  const form = useForm({
    mode: 'controlled',
    initialValues: {
      organizationName: '',
      ...place,
      name: '',
      email: '',
      password: '',
    },
    validate: schemaResolver(
      setupInput.extend({ country: setupInput.shape.country.refine(Boolean, 'Choose a country.') }),
      { sync: true },
    ),
    validateInputOnBlur: true,
  });
  const { onSubmit, busy, problem } = useFormSubmit(form, async (values) => {
    await api.post('/setup', values, nothing);
    queryClient.clear();
    await navigate({ to: '/admin/organization' });
  });
  const field = (name: keyof typeof form.values) => form.getInputProps(name);
  return (
    <EntryCard
      title="Welcome to Ringside"
      lead="This is the first visit: say who runs it. You become the first administrator."
    >
      <form onSubmit={onSubmit} noValidate>
        <Stack>
          <FormProblem problem={problem} title="Not set up yet" />
          <TextInput
            label="Organization"
            placeholder="Acme Logistics"
            autoComplete="organization"
            {...field('organizationName')}
          />
          <CountrySelect
            description="Decides how phone numbers without a country code are read."
            {...field('country')}
          />
          <TimeZoneSelect {...field('timeZone')} />
          <Divider my={4} />
          <TextInput label="Your name" autoComplete="name" {...field('name')} />
          <TextInput label="E-mail" type="email" autoComplete="username" {...field('email')} />
          <PasswordInput
            label="Password"
            description="At least 12 characters. A few words in a row are easy to keep in mind."
            autoComplete="new-password"
            {...field('password')}
          />
          <Button type="submit" loading={busy} mt="xs" fullWidth>
            Create organization
          </Button>
        </Stack>
      </form>
    </EntryCard>
  );
}

function ownPlace(): { country: string; timeZone: string } {
  const timeZone = ownTimeZone();
  return { country: guessCountry(navigator.languages, timeZone) ?? '', timeZone };
}
