import { Checkbox, Stack, Switch, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { webhookInput } from '../../../src/organization/webhook-contract.ts';
import { webhookEvents } from '../../../src/organization/webhook.ts';
import { FormFoot } from '../ui/form-foot.tsx';
import { FormProblem } from '../ui/form-problem.tsx';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { eventTitles } from './webhook-events.ts';
import type { WebhookValues } from './use-webhooks.ts';

interface WebhookFormProps {
  initial: WebhookValues;
  submit: string;
  send: (values: WebhookValues) => Promise<void>;
  onCancel: () => void;
}

export function WebhookForm({ initial, submit, send, onCancel }: WebhookFormProps) {
  const form = useForm<WebhookValues>({
    mode: 'controlled',
    initialValues: initial,
    validate: schemaResolver(webhookInput, { sync: true }),
  });
  const { onSubmit, busy, problem } = useFormSubmit(form, send);
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        <FormProblem problem={problem} title="Nothing was saved" />
        <TextInput
          label="Name"
          placeholder="Data warehouse"
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('name')}
        />
        <TextInput
          label="URL"
          placeholder="https://example.com/ringside"
          description="Ringside posts JSON there, signed with a secret that only the two of you know."
          inputMode="url"
          autoComplete="off"
          {...form.getInputProps('url')}
        />
        <Checkbox.Group label="Tell it when" {...form.getInputProps('events')}>
          <Stack gap={6} mt={6}>
            {webhookEvents.map((event) => (
              <Checkbox key={event} value={event} label={eventTitles[event]} description={event} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Switch label="Active" {...form.getInputProps('active', { type: 'checkbox' })} />
        <FormFoot busy={busy} submit={submit} onCancel={onCancel} />
      </Stack>
    </form>
  );
}
