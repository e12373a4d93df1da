import { Checkbox, Loader, Modal, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { phoneSystemChange } from '../../../src/organization/contract.ts';
import type { PhoneSystemRow } from '../../../src/organization/contract.ts';
import { FormFoot } from '../ui/form-foot.tsx';
import { FormProblem } from '../ui/form-problem.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { PhoneSettingsForm } from './phone-settings-form.tsx';
import { usePhoneSystemChanges, usePhoneSystemKinds } from './use-phone-systems.ts';

/** The pop-up 'Modify' of a phone system: its settings, or the signature secret of a webhook. */
export function PhoneSystemDialog({ system, onClose }: PhoneSystemDialogProps) {
  return system.linked ? (
    <LinkDialog system={system} onClose={onClose} />
  ) : (
    <WebhookDialog system={system} onClose={onClose} />
  );
}

interface PhoneSystemDialogProps {
  system: PhoneSystemRow;
  onClose: () => void;
}

function LinkDialog({ system, onClose }: PhoneSystemDialogProps) {
  const { change } = usePhoneSystemChanges();
  const kinds = usePhoneSystemKinds();
  const kind = kinds.data?.find((one) => one.kind === system.kind);
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Modify ${system.name}`}
      closeOnClickOutside={false}
      size="lg"
    >
      {kinds.isPending && <Loader aria-label="Loading" />}
      {kinds.isError && <ProblemAlert error={kinds.error} title="The form could not be loaded" />}
      {kind !== undefined && (
        <PhoneSettingsForm
          kind={kind}
          system={system}
          onCancel={onClose}
          send={async (name, settings) => {
            await change(system.id, { name, settings });
            onClose();
            notifications.show({ color: 'green', message: `${name} saved. Now Test it.` });
          }}
        />
      )}
    </Modal>
  );
}

function WebhookDialog({ system, onClose }: PhoneSystemDialogProps) {
  const { change } = usePhoneSystemChanges();
  const { hookSecret } = system;
  const form = useForm({
    mode: 'controlled',
    initialValues: { name: system.name, hmacSecret: '', unsigned: false },
    validate: {
      name: (name) =>
        phoneSystemChange.shape.name.safeParse(name).success
          ? null
          : 'Give it a name, such as Head office.',
    },
  });
  const { onSubmit, busy, problem } = useFormSubmit(
    form,
    async ({ name, hmacSecret, unsigned }) => {
      const secret = unsigned ? { hmacSecret: '' } : hmacSecret === '' ? {} : { hmacSecret };
      await change(system.id, { name, ...secret });
      onClose();
      notifications.show({ color: 'green', message: `${name} saved.` });
    },
  );
  return (
    <Modal opened onClose={onClose} title={`Modify ${system.name}`} closeOnClickOutside={false}>
      <form onSubmit={onSubmit} noValidate>
        <Stack>
          <FormProblem problem={problem} title="Not saved" />
          <TextInput
            label="Name"
            autoComplete="off"
            data-autofocus
            {...form.getInputProps('name')}
          />
          {hookSecret !== null && (
            <PasswordInput
              label={hookSecret.title}
              description={
                system.signed
                  ? `${hookSecret.help} It is stored: leave empty to keep it.`
                  : hookSecret.help
              }
              required={hookSecret.required && !system.signed}
              withAsterisk={hookSecret.required && !system.signed}
              autoComplete="new-password"
              maxLength={256}
              disabled={form.values.unsigned}
              {...form.getInputProps('hmacSecret')}
            />
          )}
          {system.signed && hookSecret?.required === false && (
            <Checkbox
              label="Remove the secret and accept events without a signature"
              {...form.getInputProps('unsigned', { type: 'checkbox' })}
            />
          )}
          <FormFoot busy={busy} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
