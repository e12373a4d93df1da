import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { passwordChange } from '../../../src/organization/contract.ts';
import { api, nothing } from '../ui/api.ts';
import { FormProblem } from '../ui/form-problem.tsx';
import { SectionCard } from '../ui/section-card.tsx';
import { useFormSubmit } from '../ui/use-form-submit.ts';

const input = passwordChange.extend({
  currentPassword: z.string().min(1, 'Type the password that you have now.'),
});

export function PasswordSection() {
  const client = useQueryClient();
  const form = useForm({
    mode: 'controlled',
    initialValues: { currentPassword: '', newPassword: '' },
    validate: schemaResolver(input, { sync: true }),
  });
  const { onSubmit, busy, problem } = useFormSubmit(form, async (values) => {
    // A 401 is about the session, and leads to the sign-in page as everywhere.
    await api.post('/api/auth/change-password', values, nothing);
    form.reset();
    await client.invalidateQueries({ queryKey: ['sessions'] });
    notifications.show({
      color: 'green',
      title: 'Password changed',
      message: 'Other browsers that were signed in have to sign in again.',
    });
  });
  return (
    <SectionCard title="Password" lead="Changing it signs you out everywhere else.">
      <form onSubmit={onSubmit} noValidate>
        <Stack maw={420}>
          <FormProblem problem={problem} title="The password was not changed" />
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            {...form.getInputProps('currentPassword')}
          />
          <PasswordInput
            label="New password"
            description="At least 12 characters."
            autoComplete="new-password"
            {...form.getInputProps('newPassword')}
          />
          <Group>
            <Button type="submit" loading={busy}>
              Change password
            </Button>
          </Group>
        </Stack>
      </form>
    </SectionCard>
  );
}
