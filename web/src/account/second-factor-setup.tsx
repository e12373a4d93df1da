import { Button, Center, Stack, Text, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { useState } from 'react';
import type { z } from 'zod';
import { secondFactorCode, secondFactorStart } from '../../../src/organization/contract.ts';
import { api, nothing } from '../ui/api.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { FormProblem } from '../ui/form-problem.tsx';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { PasswordStep } from './password-step.tsx';
import { QrCode } from './qr-code.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

type Started = z.infer<typeof secondFactorStart>;

/** Password, QR code and first code, recovery codes: three steps. */
export function SecondFactorSetup({ onDone }: { onDone: () => void }) {
  const [started, setStarted] = useState<Started | null>(null);
  const [confirmed, setConfirmed] = useState(false);
  if (started === null) {
    return (
      <PasswordStep
        action="Continue"
        problemTitle="Not begun yet"
        send={async (password) =>
          setStarted(
            await api.post('/api/auth/second-factor/start', { password }, secondFactorStart),
          )
        }
      >
        <Text size="sm">
          You need an authenticator app on your telephone, such as Google Authenticator, Microsoft
          Authenticator or 1Password.
        </Text>
      </PasswordStep>
    );
  }
  if (confirmed) return <RecoveryCodes codes={started.recoveryCodes} onDone={onDone} />;
  return <FirstCode uri={started.uri} onConfirmed={() => setConfirmed(true)} />;
}

function FirstCode({ uri, onConfirmed }: { uri: string; onConfirmed: () => void }) {
  const form = useForm({
    mode: 'controlled',
    initialValues: { code: '' },
    validate: schemaResolver(secondFactorCode, { sync: true }),
  });
  const { onSubmit, busy, problem } = useFormSubmit(form, async (values) => {
    await api.post('/api/auth/second-factor/confirm', values, nothing);
    onConfirmed();
  });
  const secret = new URL(uri).searchParams.get('secret') ?? '';
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        <Text size="sm">Scan this with the app, then type the six digits that it shows.</Text>
        <Center>
          <QrCode text={uri} label="QR code for the authenticator app" />
        </Center>
        <CopyField label="Or type this key into the app" value={secret} />
        <FormProblem problem={problem} title="Not set up yet" />
        <TextInput
          label="Six digits"
          inputMode="numeric"
          autoComplete="one-time-code"
          data-autofocus
          {...form.getInputProps('code')}
        />
        <Button type="submit" loading={busy}>
          Turn on
        </Button>
      </Stack>
    </form>
  );
}
