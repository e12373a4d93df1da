import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { useState } from 'react';
import { phoneSystemInput } from '../../../src/organization/contract.ts';
import { FormProblem } from '../ui/form-problem.tsx';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { HookUrl } from './hook-url.tsx';
import { usePhoneSystemChanges } from './use-phone-systems.ts';

/** The pop-up 'Add phone system': its name, then its hook URL. */
export function PhoneSystemAddition({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [added, setAdded] = useState<{ name: string; url: string } | null>(null);
  const close = () => {
    onClose();
    setAdded(null);
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={added === null ? 'Add phone system' : `${added.name} is added`}
      closeOnClickOutside={false}
      size={added === null ? 'md' : 'lg'}
    >
      {added === null ? (
        <NameForm onAdded={setAdded} onCancel={close} />
      ) : (
        <HookUrl url={added.url} signed={false} onClose={close} />
      )}
    </Modal>
  );
}

function NameForm(props: {
  onAdded: (added: { name: string; url: string }) => void;
  onCancel: () => void;
}) {
  const { create } = usePhoneSystemChanges();
  const form = useForm({
    mode: 'controlled',
    initialValues: { name: '' },
    validate: schemaResolver(phoneSystemInput.pick({ name: true }), { sync: true }),
  });
  const { onSubmit, busy, problem } = useFormSubmit(form, async ({ name }) => {
    const { phoneSystem, hookUrl } = await create(name);
    props.onAdded({ name: phoneSystem.name, url: hookUrl });
  });
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        <FormProblem problem={problem} title="Nothing was added" />
        <TextInput
          label="Name"
          placeholder="Head office"
          description="For you to tell it from others."
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Add
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
