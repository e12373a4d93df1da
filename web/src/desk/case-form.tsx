import {
  Alert,
  Button,
  Checkbox,
  Group,
  Modal,
  NativeSelect,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { v4 as newId } from 'uuid';
import type { Pop } from '../../../src/desk/contract.ts';
import { pop as popSchema } from '../../../src/desk/contract.ts';
import type { CaseForm as CaseFormFacts } from '../../../src/desk/work-contract.ts';
import { api } from '../ui/api.ts';
import { FormProblem } from '../ui/form-problem.tsx';
import { useFirstFocus } from '../ui/use-first-focus.ts';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { AssignmentGroupSelect } from './assignment-group-select.tsx';
import { useDeskActions } from './desk-actions.ts';

const blank = {
  templateId: '',
  shortDescription: '',
  description: '',
  priority: '',
  category: '',
  assignmentGroupId: '',
  assignToMe: false,
};

/** A new case for the caller, from a template or plain. */
export function CaseForm(props: { pop: Pop; facts: CaseFormFacts | undefined; onClose(): void }) {
  return (
    <Modal opened onClose={props.onClose} title="New case" size="lg">
      {props.facts === undefined ? (
        <Text role="status">Reading what ServiceNow offers…</Text>
      ) : (
        <Fields pop={props.pop} facts={props.facts} onClose={props.onClose} />
      )}
    </Modal>
  );
}

function Fields(props: { pop: Pop; facts: CaseFormFacts; onClose(): void }) {
  const { pop, facts, onClose } = props;
  const { templates, choices, me } = facts;
  const { ask } = useDeskActions();
  const first = useFirstFocus<HTMLInputElement>();
  // One for all tries of this form, so that a lost answer makes no second case.
  const [request] = useState(() => newId());
  const form = useForm({
    initialValues: templates[0] === undefined ? blank : filled(templates[0]),
    validate: {
      shortDescription: (text) => (text.trim() === '' ? 'A case needs a short description.' : null),
    },
  });
  const { onSubmit, busy, problem } = useFormSubmit(form, async (values) => {
    const body = {
      ...values,
      request,
      templateId: values.templateId || null,
      priority: values.priority || null,
      category: values.category || null,
      assignmentGroupId: values.assignmentGroupId || null,
    };
    await ask(() => api.post(`/desk/calls/${pop.callId}/cases`, body, popSchema));
    onClose();
  });
  const useTemplate = (id: string) => {
    const template = templates.find((one) => one.id === id);
    form.setValues(template === undefined ? blank : filled(template));
  };
  return (
    <form onSubmit={onSubmit}>
      <Stack>
        <FormProblem problem={problem} title="The case was not made." />
        {facts.problem !== null && (
          <Alert color="yellow" variant="light">
            The lists are as ServiceNow had them last: {facts.problem}
          </Alert>
        )}
        <Text size="sm" c="dimmed">
          {facts.caller === null
            ? 'For nobody yet: the caller is not known.'
            : `For ${facts.caller}, channel phone.`}
        </Text>
        {templates.length > 0 && (
          <NativeSelect
            label="Template"
            data={[
              ...templates.map(({ id, name }) => ({ value: id, label: name })),
              { value: '', label: 'None' },
            ]}
            value={form.values.templateId}
            onChange={(event) => useTemplate(event.currentTarget.value)}
          />
        )}
        <TextInput
          label="Short description"
          withAsterisk
          ref={first}
          data-path="shortDescription"
          maxLength={160}
          {...form.getInputProps('shortDescription')}
        />
        <Textarea
          label="Description"
          autosize
          minRows={3}
          maxRows={10}
          maxLength={4000}
          {...form.getInputProps('description')}
        />
        <Group grow align="flex-start">
          <Choice label="Priority" list={choices.priority} {...form.getInputProps('priority')} />
          <Choice label="Category" list={choices.category} {...form.getInputProps('category')} />
        </Group>
        <AssignmentGroupSelect
          groups={choices.assignmentGroup}
          placeholder="As ServiceNow decides"
          value={form.values.assignmentGroupId}
          error={form.errors['assignmentGroupId']}
          onChange={(group) => form.setFieldValue('assignmentGroupId', group)}
        />
        {me !== null && (
          <Checkbox
            label={`Assign to me (${me.name})`}
            {...form.getInputProps('assignToMe', { type: 'checkbox' })}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Make the case
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function filled(template: CaseFormFacts['templates'][number]): typeof blank {
  return {
    templateId: template.id,
    shortDescription: template.shortDescription,
    description: template.description,
    priority: template.priority ?? '',
    category: template.category ?? '',
    assignmentGroupId: template.assignmentGroup?.id ?? '',
    assignToMe: false,
  };
}

/** A list of the instance; nothing where it could not be read. */
function Choice(props: {
  label: string;
  list: { value: string; label: string }[] | null;
  value?: string;
  onChange?: (event: React.ChangeEvent<HTMLSelectElement>) => void;
  error?: React.ReactNode;
}) {
  const { list, ...field } = props;
  if (list === null) return null;
  const data = list.map(({ value, label }) => ({ value, label }));
  return (
    <NativeSelect {...field} data={[{ value: '', label: 'As ServiceNow decides' }, ...data]} />
  );
}
