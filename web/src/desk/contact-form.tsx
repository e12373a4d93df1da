import { Button, Group, Loader, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { contactForm, phoneFields } from '../../../src/desk/caller-contract.ts';
import type {
  ContactForm as ContactFormFacts,
  NewContact,
} from '../../../src/desk/caller-contract.ts';
import { pop as popSchema } from '../../../src/desk/contract.ts';
import type { Pop } from '../../../src/desk/contract.ts';
import { api } from '../ui/api.ts';
import { FormProblem } from '../ui/form-problem.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { CompanyPicker } from './company-picker.tsx';
import type { PickedCompany } from './company-picker.tsx';
import { useDeskActions } from './desk-actions.ts';
import { keptDraft } from './kept-draft.ts';
import classes from './caller-finder.module.css';

interface ContactFormProps {
  pop: Pop;
  /** What was searched for, where it looks like a name. */
  name: string;
  onBack(): void;
  onDone(): void;
}

export interface ContactDraft extends Record<string, unknown> {
  firstName: string;
  lastName: string;
  email: string;
  title: string;
  field: NewContact['field'];
  company: PickedCompany | null;
  /** Typed into the company's field and not picked. */
  companyText: string;
}

/** Makes a contact of an unknown caller. */
export function ContactForm(props: ContactFormProps) {
  const { callId } = props.pop;
  const facts = useQuery({
    queryKey: ['new-contact', callId],
    queryFn: ({ signal }) => api.get(`/desk/pops/${callId}/new-contact`, contactForm, { signal }),
    staleTime: 60_000,
  });
  return (
    <section className={classes.finder} aria-label="New contact">
      {facts.isPending && <Loader size="sm" type="dots" aria-label="Opening the form" />}
      {facts.isError && (
        <ProblemAlert error={facts.error} title="No contact can be made">
          <Button variant="default" size="compact-sm" mt="xs" onClick={props.onBack}>
            Back to the search
          </Button>
        </ProblemAlert>
      )}
      {facts.isSuccess && <Fields {...props} facts={facts.data} />}
    </section>
  );
}

function Fields({
  pop,
  name,
  facts,
  onBack,
  onDone,
}: ContactFormProps & { facts: ContactFormFacts }) {
  const { ask } = useDeskActions();
  const hasNumber = pop.caller.e164 !== null;
  const [kept] = useState(() => keptDraft<ContactDraft>('new-contact', pop.callId));
  const form = useForm<ContactDraft>({
    initialValues: kept.read() ?? emptyDraft(name, hasNumber),
    validate: {
      firstName: (value) => (value.trim() === '' ? 'A contact needs a first name.' : null),
      lastName: (value) => (value.trim() === '' ? 'A contact needs a last name.' : null),
      company: (value, { companyText }) =>
        value === null && companyText.trim() !== ''
          ? 'Pick a company of the list, or empty the field.'
          : null,
    },
  });
  const { onSubmit, busy, problem } = useFormSubmit(
    form,
    async ({ company, firstName, lastName, email, title, field }) => {
      const body = { firstName, lastName, email, title, field, company: companyInput(company) };
      await ask(() => api.post(`/desk/pops/${pop.callId}/contact`, body, popSchema));
      kept.forget();
      onDone();
    },
  );
  // A reload in the middle of it loses nothing.
  useEffect(() => kept.keep(form.values), [kept, form.values]);
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="sm">
        <h3 className={classes.title}>New contact</h3>
        <FormProblem problem={problem} title="The contact was not made" />
        {facts.refused.contact !== null && (
          <Text size="sm" c="dimmed">
            ServiceNow refused to make the last contact: {facts.refused.contact}
          </Text>
        )}
        <Group grow gap="sm" align="flex-start" preventGrowOverflow={false}>
          <TextInput
            label="First name"
            required
            autoFocus
            autoComplete="off"
            maxLength={facts.sizes.firstName}
            {...form.getInputProps('firstName')}
          />
          <TextInput
            label="Last name"
            required
            autoComplete="off"
            maxLength={facts.sizes.lastName}
            {...form.getInputProps('lastName')}
          />
        </Group>
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="off"
          maxLength={facts.sizes.email}
          {...form.getInputProps('email')}
        />
        <TextInput
          label="Title"
          autoComplete="off"
          maxLength={facts.sizes.title}
          {...form.getInputProps('title')}
        />
        <CompanyPicker
          company={form.values.company}
          onChange={(company) => form.setValues({ company, companyText: '' })}
          text={form.values.companyText}
          onText={(text) => {
            form.clearFieldError('company');
            form.setFieldValue('companyText', text);
          }}
          error={form.errors['company']}
          refused={facts.refused.company}
        />
        {hasNumber ? (
          <NativeSelect
            label={`${pop.caller.display} is the`}
            data={facts.fields.map(({ name: value, label }) => ({ value, label }))}
            {...form.getInputProps('field')}
            value={form.values.field ?? ''}
          />
        ) : (
          <Text size="sm" c="dimmed">
            The call has no number to keep with the contact.
          </Text>
        )}
        <Group gap="xs">
          <Button type="submit" size="compact-md" loading={busy}>
            Create contact
          </Button>
          <Button size="compact-md" variant="subtle" color="gray" onClick={onBack}>
            Back
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** 'Ada Berg' typed into the search is a first and a last name. */
function emptyDraft(name: string, hasNumber: boolean): ContactDraft {
  const words = name.trim().split(/\s+/);
  return {
    firstName: words.length > 1 ? words.slice(0, -1).join(' ') : '',
    lastName: words.at(-1) ?? '',
    ...{ email: '', title: '', company: null, companyText: '' },
    field: hasNumber ? phoneFields[0] : null,
  };
}

function companyInput(company: PickedCompany | null): NewContact['company'] {
  if (company === null) return null;
  return company.key === null ? { name: company.name } : { key: company.key };
}
