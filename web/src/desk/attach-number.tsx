import { Alert, Button, Group, Loader, Radio, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { phoneFields } from '../../../src/desk/caller-contract.ts';
import type { CallerField, CallerRecord } from '../../../src/desk/caller-contract.ts';
import { pop as popSchema } from '../../../src/desk/contract.ts';
import type { Pop } from '../../../src/desk/contract.ts';
import { api } from '../ui/api.ts';
import { useMay } from '../ui/use-may.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { useDeskActions } from './desk-actions.ts';
import { keptDraft } from './kept-draft.ts';
import { useCallerRecord } from './use-caller-record.ts';
import { isMasked } from './wording.ts';
import classes from './caller-finder.module.css';

interface AttachNumberProps {
  pop: Pop;
  /** Whom the agent picked. */
  recordKey: string;
  onBack(): void;
  onDone(): void;
}

/** Whoever was picked becomes the caller: with the number, in a field that the agent chooses, or for this call alone. */
export function AttachNumber({ pop, recordKey, onBack, onDone }: AttachNumberProps) {
  const record = useCallerRecord(pop.callId, recordKey);
  return (
    <section className={classes.finder} aria-label="The caller’s record">
      {record.isPending && <Loader size="sm" type="dots" aria-label="Reading the record" />}
      {record.isError && (
        <ProblemAlert error={record.error} title="The record could not be read">
          <Button variant="default" size="compact-sm" mt="xs" onClick={onBack}>
            Back to the search
          </Button>
        </ProblemAlert>
      )}
      {record.isSuccess && (
        <AttachForm
          pop={pop}
          record={record.data}
          onBack={onBack}
          onDone={onDone}
          onStale={() => void record.refetch()}
        />
      )}
    </section>
  );
}

/** What was picked, and which value was agreed to be overwritten. */
interface AttachDraft {
  picked: string | null;
  agreed: { name: string; value: string } | null;
}

function AttachForm({
  pop,
  record,
  onBack,
  onDone,
  onStale,
}: {
  pop: Pop;
  record: CallerRecord;
  onBack(): void;
  onDone(): void;
  onStale(): void;
}) {
  const phones = record.fields.filter(isPhoneField);
  const may = useMay('attach-numbers');
  const number = may ? pop.caller.e164 : null;
  const [kept] = useState(() => keptDraft<AttachDraft>(`attach-number.${record.key}`, pop.callId));
  const [begun] = useState(() => kept.read());
  const [picked, setPicked] = useState(begun?.picked ?? freeField(phones)?.name ?? phones[0]?.name);
  // The keyboard begins where Enter would keep the number.
  const [begunWith] = useState(picked);
  const field = phones.find(({ name }) => name === picked);
  // What the agent was shown and agreed to overwrite.
  const [agreed, setAgreed] = useState(begun?.agreed ?? null);
  useEffect(() => kept.keep({ picked: picked ?? null, agreed }), [kept, picked, agreed]);
  const asksToOverwrite =
    agreed !== null && agreed.name === field?.name && agreed.value === field.value;
  const leaving = (leave: () => void) => () => {
    kept.forget();
    leave();
  };
  const { attach, name } = useSayWho(pop, record.key, { onDone: leaving(onDone), onStale });
  const busy = attach.isPending || name.isPending;
  const submit = () => {
    if (field === undefined || number === null) return name.mutate();
    if (field.value !== '' && !asksToOverwrite)
      return setAgreed({ name: field.name, value: field.value });
    return attach.mutate({ field: field.name, replaces: field.value });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <h3 className={classes.title}>{record.name}</h3>
      {record.company !== '' && record.company !== record.name && (
        <Text size="sm">{record.company}</Text>
      )}
      {number !== null && phones.length > 0 && (
        <fieldset className={classes.fields}>
          <legend>Keep {pop.caller.display} as</legend>
          <Stack gap={6}>
            {phones.map((one) => (
              <Radio
                key={one.name}
                name={`field-${pop.callId}`}
                value={one.name}
                checked={one.name === picked}
                onChange={() => {
                  setPicked(one.name);
                  setAgreed(null);
                }}
                autoFocus={one.name === begunWith}
                label={<FieldLine field={one} />}
                styles={{ labelWrapper: { flex: 1, minWidth: 0 }, body: { width: '100%' } }}
              />
            ))}
          </Stack>
        </fieldset>
      )}
      {number === null && (
        <Text size="sm" c="dimmed" mt="sm">
          {pop.caller.anonymous
            ? 'The number is withheld, so there is none to keep.'
            : may
              ? 'This number cannot be dialled from outside, so it is not kept.'
              : 'Your organization lets agents keep no numbers; an administrator can.'}
        </Text>
      )}
      {!record.live && (
        <Text size="xs" c="dimmed" mt={6}>
          ServiceNow did not answer in time: this is what was known of it last.
        </Text>
      )}
      {asksToOverwrite && field !== undefined && number !== null && (
        <Alert color="yellow" variant="light" mt="sm" role="alert">
          {field.value} is replaced by {isMasked(pop.caller) ? pop.caller.display : number} in
          ServiceNow.
        </Alert>
      )}
      {attach.isError && <ProblemAlert error={attach.error} title="The number was not kept" />}
      {name.isError && <ProblemAlert error={name.error} title="That was not kept" />}
      <Group gap="xs" mt="sm">
        <Button type="submit" size="compact-md" loading={attach.isPending}>
          {number === null
            ? 'Show this caller'
            : asksToOverwrite
              ? `Replace the ${field?.label}`
              : 'Attach the number'}
        </Button>
        {number !== null && (
          <Button size="compact-md" variant="default" disabled={busy} onClick={() => name.mutate()}>
            Only for this call
          </Button>
        )}
        <Button size="compact-md" variant="subtle" color="gray" onClick={leaving(onBack)}>
          Back
        </Button>
      </Group>
    </form>
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function FieldLine({ field: { label, value, pending } }: { field: CallerField }) {
  return (
    <span className={classes.field}>
      <span>{capital(label)}</span>
      <span className={`${classes.standing} tabular`}>
        {value === '' ? 'empty' : value}
        {pending !== null && ` (${pending.by ?? 'somebody'}, on its way)`}
      </span>
    </span>
  );
}

type PhoneField = CallerField & { name: (typeof phoneFields)[number] };

const isPhoneField = (field: CallerField): field is PhoneField => field.phone;

/** Where nothing is lost; of several the first. */
function freeField(phones: readonly PhoneField[]): PhoneField | undefined {
  return phones.find(({ value }) => value === '');
}

function useSayWho(
  { callId }: Pop,
  key: string,
  { onDone, onStale }: { onDone(): void; onStale(): void },
) {
  const { ask } = useDeskActions();
  const attach = useMutation({
    mutationFn: (input: { field: string; replaces: string }) =>
      ask(() => api.post(`/desk/pops/${callId}/number`, { key, ...input }, popSchema)),
    onSuccess: onDone,
    // Somebody was quicker: what stands there now is to be seen.
    onError: onStale,
  });
  const name = useMutation({
    mutationFn: () => ask(() => api.post(`/desk/pops/${callId}/caller`, { key }, popSchema)),
    onSuccess: onDone,
  });
  return { attach, name };
}
