import { Button, Checkbox, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { useState } from 'react';
import { apiKeyInput } from '../../../src/organization/api-key-contract.ts';
import { apiKeyScopeNames, apiKeyScopes } from '../../../src/organization/api-key.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { FormFoot } from '../ui/form-foot.tsx';
import { FormProblem } from '../ui/form-problem.tsx';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { keyExample } from './key-example.ts';
import { useApiKeyChanges } from './use-api-keys.ts';
import type { ApiKeyValues } from './use-api-keys.ts';

const lifetimes = [
  { value: '30', label: 'After 30 days' },
  { value: '90', label: 'After 90 days' },
  { value: '365', label: 'After a year' },
  { value: 'never', label: 'Never' },
];

/** The pop-up in which an API key is made, which then shows it. */
export function ApiKeyDialog({ onClose }: { onClose: () => void }) {
  const { create } = useApiKeyChanges();
  const [made, setMade] = useState<{ key: string; scopes: ApiKeyValues['scopes'] } | null>(null);
  const form = useForm<ApiKeyValues>({
    mode: 'controlled',
    initialValues: { name: '', scopes: ['calls:read'], days: 365 },
    validate: schemaResolver(apiKeyInput, { sync: true }),
  });
  const { onSubmit, busy, problem } = useFormSubmit(form, async (values) => {
    const { key, row } = await create(values);
    setMade({ key, scopes: row.scopes });
  });
  const { days } = form.getValues();
  return (
    <Modal opened onClose={onClose} closeOnClickOutside={false} title="Add API key">
      {made === null ? (
        <form onSubmit={onSubmit} noValidate>
          <Stack>
            <FormProblem problem={problem} title="No key was made" />
            <TextInput
              label="Name"
              placeholder="Data warehouse"
              description="Which program has it, so that you know what stops when you revoke it."
              autoComplete="off"
              data-autofocus
              {...form.getInputProps('name')}
            />
            <Checkbox.Group label="It may" {...form.getInputProps('scopes')}>
              <Stack gap={6} mt={6}>
                {apiKeyScopeNames.map((scope) => (
                  <Checkbox
                    key={scope}
                    value={scope}
                    label={apiKeyScopes[scope].title}
                    description={apiKeyScopes[scope].help}
                  />
                ))}
              </Stack>
            </Checkbox.Group>
            <Select
              label="It ends"
              data={lifetimes}
              value={days === null ? 'never' : String(days)}
              onChange={(value) =>
                form.setFieldValue('days', value === 'never' ? null : Number(value))
              }
              allowDeselect={false}
            />
            <FormFoot busy={busy} submit="Add" onCancel={onClose} />
          </Stack>
        </form>
      ) : (
        <Stack>
          <Text size="sm">
            Copy the key to where it is used: it is shown only now, and Ringside keeps no copy. Who
            has it may do what you chose, so keep it like a password.
          </Text>
          <CopyField label="API key" value={made.key} />
          <CopyField
            label="Command to try it"
            block
            value={keyExample(window.location.origin, made.key, made.scopes)}
          />
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
