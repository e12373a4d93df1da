import { Button, Group, Loader, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useEffect, useState } from 'react';
import type { CallerField, CallerRecord } from '../../../src/desk/caller-contract.ts';
import { pop as popSchema } from '../../../src/desk/contract.ts';
import type { Candidate, Pop } from '../../../src/desk/contract.ts';
import { api } from '../ui/api.ts';
import { FormProblem } from '../ui/form-problem.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { ProblemError, asProblem } from '../ui/problem.ts';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { useDeskActions } from './desk-actions.ts';
import { keptDraft } from './kept-draft.ts';
import { useCallerRecord } from './use-caller-record.ts';
import classes from './caller-finder.module.css';

interface EditContactProps {
  pop: Pop;
  candidate: Candidate;
  onClose(): void;
}

/** Changes numbers, e-mail and title of whoever is shown, in the CRM. */
export function EditContact({ pop, candidate, onClose }: EditContactProps) {
  const record = useCallerRecord(pop.callId, candidate.key);
  return (
    <section className={classes.finder} aria-label={`Edit ${candidate.name}`}>
      {record.isPending && <Loader size="sm" type="dots" aria-label="Reading the record" />}
      {record.isError && (
        <ProblemAlert error={record.error} title="The record could not be read">
          <Button variant="default" size="compact-sm" mt="xs" onClick={onClose}>
            Close
          </Button>
        </ProblemAlert>
      )}
      {record.isSuccess && (
        <Fields
          pop={pop}
          record={record.data}
          onClose={onClose}
          reread={async () => (await record.refetch()).data}
        />
      )}
    </section>
  );
}

interface FieldsProps {
  pop: Pop;
  record: CallerRecord;
  onClose(): void;
  reread(): Promise<CallerRecord | undefined>;
}

function Fields({ pop, record, onClose, reread }: FieldsProps) {
  const { ask } = useDeskActions();
  const [kept] = useState(() => keptDraft<EditDraft>(`edit-contact.${record.key}`, pop.callId));
  const [begun] = useState(() => ofRecord(kept.read(), record));
  // What the agent has seen; what is typed is kept when it turns out to be old.
  const [seen, setSeen] = useState(() => ({ ...valuesOf(record), ...begun.seen }));
  const form = useForm<Record<string, string>>({
    initialValues: { ...valuesOf(record), ...begun.typed },
  });
  const done = () => {
    kept.forget();
    onClose();
  };
  // A reload in the middle of it loses nothing, and overwrites nothing that came meanwhile.
  useEffect(() => kept.keep(draftOf(form.values, seen)), [kept, form.values, seen]);
  const { onSubmit, busy, problem } = useFormSubmit(form, async (values) => {
    const changes = record.fields
      .filter(({ name }) => (values[name] ?? '').trim() !== (seen[name] ?? ''))
      .map(({ name }) => ({ field: name, value: values[name] ?? '', replaces: seen[name] ?? '' }));
    if (changes.length === 0) return done();
    try {
      const body = { key: record.key, changes };
      await ask(() => api.put(`/desk/pops/${pop.callId}/record`, body, popSchema));
      done();
    } catch (error) {
      const refusal = asProblem(error);
      if (refusal.code === 'conflict') {
        const now = await reread();
        if (now !== undefined) setSeen(valuesOf(now));
      }
      throw atFields(refusal, changes);
    }
  });
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="sm">
        <h3 className={classes.title}>Edit {record.name}</h3>
        <FormProblem problem={problem} title="Nothing was changed" />
        {!record.live && (
          <Text size="xs" c="dimmed">
            ServiceNow did not answer in time: this is what was known of it last.
          </Text>
        )}
        {record.fields.map((field, place) => (
          <TextInput
            key={field.name}
            label={labelOf(field)}
            description={
              field.pending === null
                ? null
                : `${field.pending.by ?? 'Somebody'} changed it; it is on its way to ServiceNow.`
            }
            type={field.phone ? 'tel' : field.name === 'email' ? 'email' : 'text'}
            maxLength={field.size}
            autoComplete="off"
            autoFocus={place === 0}
            {...form.getInputProps(field.name)}
          />
        ))}
        <Group gap="xs">
          <Button type="submit" size="compact-md" loading={busy}>
            Save
          </Button>
          <Button size="compact-md" variant="subtle" color="gray" onClick={done}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Of the fields that were changed: what was typed, and what stood there when it was. */
interface EditDraft {
  typed: Record<string, string>;
  seen: Record<string, string>;
}

function draftOf(typed: Record<string, string>, seen: Record<string, string>): EditDraft {
  const changed = Object.keys(typed).filter((name) => typed[name] !== seen[name]);
  const only = (values: Record<string, string>) =>
    Object.fromEntries(changed.map((name) => [name, values[name] ?? '']));
  return { typed: only(typed), seen: only(seen) };
}

/** Without fields that the record does not offer any more. */
function ofRecord(draft: EditDraft | null, { fields }: CallerRecord): EditDraft {
  const offered = new Set<string>(fields.map(({ name }) => name));
  const only = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => offered.has(name)));
  return { typed: only(draft?.typed ?? {}), seen: only(draft?.seen ?? {}) };
}

function valuesOf({ fields }: CallerRecord): Record<string, string> {
  return Object.fromEntries(fields.map(({ name, value }) => [name, value]));
}

/** `Mobile phone` */
function labelOf({ label }: CallerField): string {
  return label.charAt(0).toUpperCase() + label.slice(1);
}

/** The server names the place of a change; the form knows fields. */
function atFields(refusal: ProblemError, changes: readonly { field: string }[]): ProblemError {
  const errors = refusal.errors.map(({ field, message }) => {
    const place = Number(/^changes\.(\d+)/.exec(field)?.[1] ?? Number.NaN);
    return { field: changes[place]?.field ?? field, message };
  });
  const { status, code, detail, fix } = refusal;
  return new ProblemError({ status, code, detail, fix, errors });
}
