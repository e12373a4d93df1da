import { Button, Checkbox, Group, Modal, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { phoneSystemChange } from '../../../src/organization/contract.ts';
import type { PhoneSystemRow } from '../../../src/organization/contract.ts';
import { FormProblem } from '../ui/form-problem.tsx';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { usePhoneSystemChanges } from './use-phone-systems.ts';

/** The pop-up that changes a phone system's name and signature secret. */
export function PhoneSystemDialog({
  system,
  onClose,
}: {
  system: PhoneSystemRow;
  onClose: () => void;
}) {
  const { change } = usePhoneSystemChanges();
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
          <PasswordInput
            label="Signature secret"
            description={
              system.signed
                ? 'A secret is stored. Leave empty to keep it.'
                : 'Optional. Once it is set, events without a right X-Ringside-Signature (HMAC-SHA256 of the body, in hex) are refused.'
            }
            autoComplete="new-password"
            maxLength={256}
            disabled={form.values.unsigned}
            {...form.getInputProps('hmacSecret')}
          />
          {system.signed && (
            <Checkbox
              label="Remove the secret and accept events without a signature"
              {...form.getInputProps('unsigned', { type: 'checkbox' })}
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
