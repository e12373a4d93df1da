import { Button, PasswordInput, Stack } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import type { ReactNode } from 'react';
import { ownPassword } from '../../../src/organization/contract.ts';
import { FormProblem } from '../ui/form-problem.tsx';
import { useFormSubmit } from '../ui/use-form-submit.ts';

interface PasswordStepProps {
  children: ReactNode;
  action: string;
  /** Of the button, for what takes something away. */
  color?: string;
  problemTitle: string;
  send: (password: string) => Promise<void>;
}

/** Asks for the own password before something that a stranger at this screen must not do. */
export function PasswordStep({ children, action, color, problemTitle, send }: PasswordStepProps) {
  const form = useForm({
    mode: 'controlled',
    initialValues: { password: '' },
    validate: schemaResolver(ownPassword, { sync: true }),
  });
  const { onSubmit, busy, problem } = useFormSubmit(form, ({ password }) => send(password));
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        {children}
        <FormProblem problem={problem} title={problemTitle} />
        <PasswordInput
          label="Your password"
          autoComplete="current-password"
          data-autofocus
          {...form.getInputProps('password')}
        />
        <Button type="submit" loading={busy} {...(color === undefined ? {} : { color })}>
          {action}
        </Button>
      </Stack>
    </form>
  );
}
