import { Button, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { phoneSystemInput } from '../../../src/organization/contract.ts';
import type { PhoneSystemKindView } from '../../../src/organization/contract.ts';
import { FormProblem } from '../ui/form-problem.tsx';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { HookUrl } from './hook-url.tsx';
import { PhoneSettingsForm } from './phone-settings-form.tsx';
import { usePhoneSystemChanges, usePhoneSystemKinds } from './use-phone-systems.ts';

type Step =
  | { step: 'name' }
  | { step: 'settings'; name: string; kind: PhoneSystemKindView }
  | { step: 'hook'; name: string; kind: string; url: string };

/** The pop-up 'Add phone system': kind and name, then its settings or its hook URL. */
export function PhoneSystemAddition({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { create } = usePhoneSystemChanges();
  const [step, setStep] = useState<Step>({ step: 'name' });
  const close = () => {
    onClose();
    setStep({ step: 'name' });
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={titleOf(step)}
      closeOnClickOutside={false}
      size={step.step === 'name' ? 'md' : 'lg'}
    >
      {step.step === 'name' && <NameForm onNext={setStep} onCancel={close} />}
      {step.step === 'settings' && (
        <PhoneSettingsForm
          kind={step.kind}
          system={{ name: step.name, settings: {}, storedSecrets: [] }}
          onCancel={close}
          send={async (name, settings) => {
            await create({ name, kind: step.kind.kind, settings });
            close();
            notifications.show({ color: 'green', message: `${name} is added. Now Test it.` });
          }}
        />
      )}
      {step.step === 'hook' && (
        <HookUrl url={step.url} signed={false} generic={step.kind === 'webhook'} onClose={close} />
      )}
    </Modal>
  );
}

function titleOf(step: Step): string {
  if (step.step === 'hook') return `${step.name} is added`;
  return step.step === 'settings' ? `Add ${step.kind.title}` : 'Add phone system';
}

function NameForm(props: { onNext: (step: Step) => void; onCancel: () => void }) {
  const { create } = usePhoneSystemChanges();
  const { data: kinds = [] } = usePhoneSystemKinds();
  const form = useForm({
    mode: 'controlled',
    initialValues: { name: '', kind: 'webhook' },
    validate: schemaResolver(phoneSystemInput.pick({ name: true, kind: true }), { sync: true }),
  });
  const chosen = kinds.find(({ kind }) => kind === form.values.kind);
  const { onSubmit, busy, problem } = useFormSubmit(form, async ({ name, kind }) => {
    if (chosen !== undefined && chosen.fields.length > 0)
      return props.onNext({ step: 'settings', name, kind: chosen });
    const { phoneSystem, hookUrl } = await create({ name, kind });
    return props.onNext({ step: 'hook', name: phoneSystem.name, kind, url: hookUrl });
  });
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        <FormProblem problem={problem} title="Nothing was added" />
        <NativeSelect
          label="Kind"
          data={kinds.map(({ kind, title }) => ({ value: kind, label: title }))}
          {...form.getInputProps('kind')}
        />
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
            {chosen !== undefined && chosen.fields.length > 0 ? 'Next' : 'Add'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
