import { Modal, NativeSelect, Select, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { pop as popSchema } from '../../../src/desk/contract.ts';
import type { Pop } from '../../../src/desk/contract.ts';
import { assignees } from '../../../src/desk/work-contract.ts';
import type { CaseForm, TaggedCase } from '../../../src/desk/work-contract.ts';
import { api } from '../ui/api.ts';
import { FormFoot } from '../ui/form-foot.tsx';
import { FormProblem } from '../ui/form-problem.tsx';
import { useFirstFocus } from '../ui/use-first-focus.ts';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { AssignmentGroupSelect } from './assignment-group-select.tsx';
import { useDeskActions } from './desk-actions.ts';
import { keptDraft } from './kept-draft.ts';

/** State, priority and assignment of the tagged case. What ServiceNow wants to have with a state is asked for before anything is sent. */
export function CaseChangeForm(props: {
  pop: Pop;
  tagged: TaggedCase;
  facts: CaseForm | undefined;
  onClose(): void;
}) {
  const { tagged, facts } = props;
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={`Change ${tagged.number === '' ? 'the new case' : tagged.number}`}
    >
      {facts === undefined ? (
        <Text role="status">Reading what ServiceNow offers…</Text>
      ) : (
        <Fields {...props} facts={facts} />
      )}
    </Modal>
  );
}

function Fields(props: { pop: Pop; tagged: TaggedCase; facts: CaseForm; onClose(): void }) {
  const { pop, tagged, facts, onClose } = props;
  const { choices } = facts;
  const { ask } = useDeskActions();
  const first = useFirstFocus<HTMLSelectElement>();
  const [kept] = useState(() =>
    keptDraft<Record<string, string>>(`change-case.${tagged.key}`, pop.callId),
  );
  const before = {
    state: tagged.state.value,
    priority: tagged.priority.value,
    assignedToId: tagged.assignedTo?.value ?? '',
    assignmentGroupId: tagged.assignmentGroup?.value ?? '',
    resolutionCode: '',
    resolutionNotes: '',
  };
  const form = useForm({ initialValues: { ...before, ...kept.read() } });
  const asks =
    form.values.state === before.state
      ? []
      : (choices.state?.find(({ value }) => value === form.values.state)?.asks ?? []);
  const done = () => {
    kept.forget();
    onClose();
  };
  const { onSubmit, busy, problem } = useFormSubmit(form, async (values) => {
    const body = { request: kept.request(), ...changesOf(values, before) };
    const url = `/desk/calls/${pop.callId}/case/changes`;
    try {
      await ask(() => api.post(url, body, popSchema));
    } catch (error) {
      kept.failed(error);
      throw error;
    }
    done();
  });
  // Closed by mistake, or reloaded: what was changed is there again, over what the case is now.
  useEffect(() => kept.keep(changesOf(form.values, before)));
  return (
    <form onSubmit={onSubmit}>
      <Stack>
        <FormProblem problem={problem} title="The case was not changed." />
        {choices.state !== null && (
          <NativeSelect
            label="State"
            ref={first}
            data-autofocus
            data={known(choices.state, tagged.state)}
            {...form.getInputProps('state')}
          />
        )}
        {asks.includes('resolutionCode') && (
          <NativeSelect
            label="Resolution code"
            withAsterisk
            data={[
              { value: '', label: 'Choose one' },
              ...known(choices.resolutionCode ?? [], null),
            ]}
            {...form.getInputProps('resolutionCode')}
          />
        )}
        {asks.includes('resolutionNotes') && (
          <Textarea
            label="Resolution notes"
            withAsterisk
            autosize
            minRows={2}
            maxLength={4000}
            {...form.getInputProps('resolutionNotes')}
          />
        )}
        {choices.priority !== null && (
          <NativeSelect
            label="Priority"
            data={known(choices.priority, tagged.priority)}
            {...form.getInputProps('priority')}
          />
        )}
        <AssignmentGroupSelect
          groups={choices.assignmentGroup}
          placeholder="Leave as it is"
          value={form.values.assignmentGroupId}
          error={form.errors['assignmentGroupId']}
          onChange={(group) => form.setFieldValue('assignmentGroupId', group)}
        />
        <Assignee
          callId={pop.callId}
          assigned={tagged.assignedTo}
          me={facts.me}
          {...form.getInputProps('assignedToId')}
        />
        <FormFoot busy={busy} submit="Change the case" onCancel={done} />
      </Stack>
    </form>
  );
}

function changesOf<T extends Record<string, string>>(values: T, before: T): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => value !== '' && value !== before[name]),
  );
}

type Option = { value: string; label: string };

/** With the value that the case has now, also when the list no longer offers it. */
function known(list: readonly Option[], now: Option | null): Option[] {
  const data = list.map(({ value, label }) => ({ value, label }));
  const missing = now !== null && data.every(({ value }) => value !== now.value);
  return missing ? [{ value: now.value, label: now.label || 'As it is' }, ...data] : data;
}

/** ServiceNow's users by name, oneself first. */
function Assignee(props: {
  callId: string;
  assigned: Option | null;
  me: { id: string; name: string } | null;
  value?: string;
  onChange?: (value: string | null) => void;
  error?: React.ReactNode;
}) {
  const { callId, assigned, me, value, onChange, error } = props;
  const [search, setSearch] = useState('');
  const [query] = useDebouncedValue(search, 200);
  const found = useQuery({
    queryKey: ['assignees', callId, query],
    queryFn: ({ signal }) =>
      api.get(`/desk/calls/${callId}/case/assignees?q=${encodeURIComponent(query)}`, assignees, {
        signal,
      }),
    placeholderData: keepPreviousData,
  });
  const options: Option[] = [
    ...(me === null ? [] : [{ value: me.id, label: `${me.name} (me)` }]),
    ...(assigned === null ? [] : [{ value: assigned.value, label: assigned.label }]),
    ...(found.data?.users ?? []).map(({ id, name, detail }) => ({
      value: id,
      label: detail === '' ? name : `${name}, ${detail}`,
    })),
  ];
  const unique = [...new Map(options.toReversed().map((one) => [one.value, one])).values()];
  return (
    <Select
      label="Assigned to"
      placeholder="Nobody"
      searchable
      filter={({ options: all }) => all}
      data={unique.toReversed()}
      value={value ?? null}
      onChange={(id) => onChange?.(id)}
      onSearchChange={setSearch}
      error={error}
    />
  );
}
