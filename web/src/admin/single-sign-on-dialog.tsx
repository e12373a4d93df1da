import { Modal, PasswordInput, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { singleSignOnInput } from '../../../src/organization/single-sign-on-contract.ts';
import type { SingleSignOnView } from '../../../src/organization/single-sign-on-contract.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { FormFoot } from '../ui/form-foot.tsx';
import { FormProblem } from '../ui/form-problem.tsx';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { useSingleSignOnChanges } from './use-single-sign-on.ts';
import type { SingleSignOnValues } from './use-single-sign-on.ts';

/** The pop-up with the settings of single sign-on. */
export function SingleSignOnDialog({
  view,
  onClose,
}: {
  view: SingleSignOnView;
  onClose: () => void;
}) {
  const { settings, callbackUrl } = view;
  const { save } = useSingleSignOnChanges();
  const form = useForm<SingleSignOnValues>({
    mode: 'controlled',
    initialValues: {
      issuer: settings?.issuer ?? '',
      clientId: settings?.clientId ?? '',
      clientSecret: '',
      domains: settings?.domains ?? [],
      required: settings?.required ?? false,
    },
    validate: schemaResolver(singleSignOnInput, { sync: true }),
  });
  const { onSubmit, busy, problem } = useFormSubmit(form, async (values) => {
    await save(values);
    notifications.show({
      color: 'green',
      message: 'Single sign-on saved. Test the connection next.',
    });
    onClose();
  });
  const mayRequire = settings?.workedAt != null;
  const wrongDomain = Object.entries(form.errors).find(([path]) => path.startsWith('domains'))?.[1];
  return (
    <Modal opened onClose={onClose} closeOnClickOutside={false} title="Single sign-on" size="lg">
      <form onSubmit={onSubmit} noValidate>
        <Stack>
          <FormProblem problem={problem} title="Nothing was saved" />
          <CopyField
            label="Redirect URI, to be entered at your sign-in service"
            value={callbackUrl}
          />
          <TextInput
            label="Issuer"
            description="As your sign-in service calls itself, to the letter. Ringside finds everything else from there."
            placeholder="https://login.microsoftonline.com/your-tenant-id/v2.0"
            inputMode="url"
            autoComplete="off"
            data-autofocus
            {...form.getInputProps('issuer')}
          />
          <TextInput label="Client ID" autoComplete="off" {...form.getInputProps('clientId')} />
          <PasswordInput
            label="Client secret"
            description={
              settings === null
                ? 'Kept encrypted, and never shown again.'
                : 'Leave empty to keep the stored one.'
            }
            autoComplete="new-password"
            {...form.getInputProps('clientSecret')}
          />
          <TagsInput
            label="E-mail domains"
            description="Whose addresses are sent there to sign in. Only people who are listed under CRM User Mappings come in."
            placeholder="example.com"
            acceptValueOnBlur
            {...form.getInputProps('domains')}
            error={wrongDomain}
          />
          <Switch
            label="Single sign-on only"
            description={
              mayRequire
                ? 'Passwords count for administrators only, so that you can always get back in here. Others who came in by password are signed out.'
                : 'Can be switched on once somebody has come in this way, so that nobody is locked out.'
            }
            disabled={!mayRequire && form.values.required !== true}
            {...form.getInputProps('required', { type: 'checkbox' })}
          />
          <FormFoot busy={busy} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
