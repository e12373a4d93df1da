import {
  Alert,
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
import { useEffect, useState } from 'react';
import type { Pop } from '../../../src/desk/contract.ts';
import { pop as popSchema } from '../../../src/desk/contract.ts';
import type { CaseForm as CaseFormFacts } from '../../../src/desk/work-contract.ts';
import { api } from '../ui/api.ts';
import { FormFoot } from '../ui/form-foot.tsx';
import { FormProblem } from '../ui/form-problem.tsx';
import { useFirstFocus } from '../ui/use-first-focus.ts';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { AssignmentGroupSelect } from './assignment-group-select.tsx';
import { useDeskActions } from './desk-actions.ts';
import { keptDraft } from './kept-draft.ts';

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
  const [kept] = useState(() => keptDraft<typeof blank>('new-case', pop.callId));
  const fresh = templates[0] === undefined ? blank : filled(templates[0], choices);
  const form = useForm({
    initialValues: kept.read() ?? fresh,
    validate: {
      shortDescription: (text) => (text.trim() === '' ? 'A case needs a short description.' : null),
    },
  });
  const { onSubmit, busy, problem } = useFormSubmit(form, async (values) => {
    const body = {
      ...values,
      request: kept.request(),
      templateId: values.templateId || null,
      priority: values.priority || null,
      category: values.category || null,
      assignmentGroupId: values.assignmentGroupId || null,
    };
    try {
      await ask(() => api.post(`/desk/calls/${pop.callId}/cases`, body, popSchema));
    } catch (error) {
      kept.failed(error);
      throw error;
    }
    kept.forget();
    onClose();
  });
  // Closed by mistake, or reloaded: what was typed is there again.
  useEffect(() => kept.keep(form.values), [kept, form.values]);
  const cancel = () => {
    kept.forget();
    onClose();
  };
  const useTemplate = (id: string) => {
    const template = templates.find((one) => one.id === id);
    form.setValues(template === undefined ? blank : filled(template, choices));
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
          data-autofocus
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
        <FormFoot busy={busy} submit="Make the case" onCancel={cancel} />
      </Stack>
    </form>
  );
}

/** What ServiceNow has stopped to offer since the template was made is left to it. */
function filled(
  template: CaseFormFacts['templates'][number],
  choices: CaseFormFacts['choices'],
): typeof blank {
  const offered = (list: { value: string }[] | null, value: string | undefined | null) =>
    value != null && (!list?.length || list.some((one) => one.value === value)) ? value : '';
  return {
    templateId: template.id,
    shortDescription: template.shortDescription,
    description: template.description,
    priority: offered(choices.priority, template.priority),
    category: offered(choices.category, template.category),
    assignmentGroupId: offered(choices.assignmentGroup, template.assignmentGroup?.id),
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
