import { NativeSelect, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { personInput } from '../../../src/organization/contract.ts';
import { FormFoot } from '../ui/form-foot.tsx';
import { FormProblem } from '../ui/form-problem.tsx';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { useForm as useOrganizationForm } from './organization-context.ts';
import { planOptions } from './plan-select.tsx';
import { useSeenExtensions } from './seen-extensions.tsx';
import { roleOptions } from './role-select.tsx';
import { usePersonCreate } from './use-people.ts';

export interface Invited {
  name: string;
  url: string;
  /** Where a mail with the link goes; null: nowhere. */
  mailedTo: string | null;
}

interface PersonFormProps {
  onInvited: (invited: Invited) => void;
  onCancel: () => void;
}

const emptyPerson = { name: '', email: '', role: 'agent', plan: '', extension: '' };

/** An empty box means none. */
function bodyOf(values: typeof emptyPerson) {
  return { ...values, plan: values.plan || null, extension: values.extension.trim() || null };
}

export function PersonForm({ onInvited, onCancel }: PersonFormProps) {
  const { view } = useOrganizationForm();
  const create = usePersonCreate();
  const seen = useSeenExtensions();
  const form = useForm({
    mode: 'controlled',
    initialValues: emptyPerson,
    validate: (values) => schemaResolver(personInput, { sync: true })(bodyOf(values)),
    validateInputOnBlur: true,
  });
  const { onSubmit, busy, problem } = useFormSubmit(form, async (values) => {
    const { person, invitationUrl } = await create(bodyOf(values));
    const mailedTo = person.mail === null ? null : person.email;
    onInvited({ name: person.name, url: invitationUrl, mailedTo });
  });
  const field = (name: keyof typeof emptyPerson) => form.getInputProps(name);
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        <FormProblem problem={problem} title="Nobody was added" />
        <TextInput label="Name" autoComplete="off" data-autofocus {...field('name')} />
        <TextInput
          label="E-mail"
          type="email"
          description="They sign in with it. The same address in the CRM suggests who they are there."
          autoComplete="off"
          {...field('email')}
        />
        <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
          <TextInput
            label="Phone Extension"
            placeholder="None"
            inputMode="tel"
            list={seen}
            autoComplete="off"
            {...field('extension')}
          />
          <NativeSelect label="Role" data={roleOptions} {...field('role')} />
          <NativeSelect label="Plan" data={planOptions} {...field('plan')} />
        </SimpleGrid>
        <FormFoot
          busy={busy}
          submit={view.mail ? 'Add and send invitation' : 'Add and make invitation link'}
          onCancel={onCancel}
        />
      </Stack>
    </form>
  );
}
