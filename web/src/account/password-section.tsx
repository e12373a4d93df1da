import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { setupInput } from '../../../src/organization/contract.ts';
import { api, nothing, ProblemError } from '../ui/api.ts';
import { FormProblem } from '../ui/form-problem.tsx';
import { SectionCard } from '../ui/section-card.tsx';
import { useFormSubmit } from '../ui/use-form-submit.ts';

const passwordChange = z.object({
  currentPassword: z.string().min(1, 'Type the password that you have now.'),
  newPassword: setupInput.shape.password,
});

export function PasswordSection() {
  const client = useQueryClient();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { currentPassword: '', newPassword: '' },
    validate: schemaResolver(passwordChange, { sync: true }),
  });
  const { onSubmit, busy, problem } = useFormSubmit(form, async (values) => {
    await changePassword(values);
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
            key={form.key('currentPassword')}
            {...form.getInputProps('currentPassword')}
          />
          <PasswordInput
            label="New password"
            description="At least 12 characters."
            autoComplete="new-password"
            key={form.key('newPassword')}
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

async function changePassword(values: z.input<typeof passwordChange>): Promise<void> {
  const body = { ...values, revokeOtherSessions: true };
  try {
    // A 401 may mean the current password here, not the session.
    await api.post('/api/auth/change-password', body, nothing, { quiet: true });
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'INVALID_PASSWORD') {
      const message = 'This is not the password that you have now.';
      throw new ProblemError({
        status: error.status,
        code: error.code,
        detail: message,
        errors: [{ field: 'currentPassword', message }],
      });
    }
    throw error;
  }
}
