import { Alert, Button, Group, List, Stack, Text, TextInput } from '@mantine/core';
import { IconCheck, IconDownload, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { traceExport, traceSummary } from '../../../src/privacy/trace-contract.ts';
import type { TraceSummary } from '../../../src/privacy/trace-contract.ts';
import { api } from '../ui/api.ts';
import { counted } from '../ui/moment.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';

/** What Ringside holds of a caller, to take away as a file or to erase. `who` is a number or a record's key. */
export function CallerTraces({ who }: { who: string }) {
  const client = useQueryClient();
  const { data, error } = useQuery({
    queryKey: ['traces', who],
    queryFn: ({ signal }) => api.post('/privacy/traces', { who }, traceSummary, { signal }),
    retry: false,
    gcTime: 0,
  });
  const [typed, setTyped] = useState('');
  const download = useMutation({
    mutationFn: async () => save(await api.post('/privacy/traces/export', { who }, traceExport)),
  });
  const erasure = useMutation({
    mutationFn: () => api.post('/privacy/traces/erase', { who, confirm: typed }, traceSummary),
    onSuccess: () => client.invalidateQueries(),
  });
  if (error !== null)
    return <ProblemAlert error={error} title="Their traces could not be looked up" />;
  if (erasure.data !== undefined) return <Erased erased={erasure.data} />;
  if (data === undefined) return null;
  const held = heldWords(data);
  return (
    <Stack gap="sm">
      <Text size="sm">
        {held === '' ? `Ringside holds nothing of ${data.name}.` : `Of ${data.name}: ${held}.`}
      </Text>
      <Staying summary={data} />
      {held !== '' && (
        <>
          <Group>
            <Button
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden="true" />}
              loading={download.isPending}
              onClick={() => download.mutate()}
            >
              Export as JSON
            </Button>
          </Group>
          {download.isError && <ProblemAlert error={download.error} title="Nothing was exported" />}
          {data.busy > 0 && (
            <Text size="sm">
              {counted(data.busy, 'call goes', 'calls go')} on, or something of it waits for the
              CRM: nothing can be erased until that is over. Writes that need attention are in the
              Outbox.
            </Text>
          )}
          <TextInput
            label={`To erase all of it, type ${data.name}`}
            description="It cannot be brought back, except from a backup of this hub."
            maw={420}
            value={typed}
            autoComplete="off"
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          {erasure.isError && <ProblemAlert error={erasure.error} title="Nothing was erased" />}
          <Group>
            <Button
              color="red"
              leftSection={<IconTrash size={16} aria-hidden="true" />}
              disabled={data.busy > 0 || typed.trim() !== data.name}
              loading={erasure.isPending}
              onClick={() => erasure.mutate()}
            >
              Erase
            </Button>
          </Group>
        </>
      )}
    </Stack>
  );
}

function Erased({ erased }: { erased: TraceSummary }) {
  return (
    <Stack gap="sm">
      <Alert
        role="status"
        color="teal"
        variant="light"
        icon={<IconCheck aria-hidden="true" />}
        title="Erased"
      >
        <Text size="sm">{heldWords(erased)}.</Text>
      </Alert>
      <Staying summary={erased} />
    </Stack>
  );
}

/** What lies in the CRM, where Ringside deletes nothing. */
function Staying({ summary: { kept, mirrored } }: { summary: TraceSummary }) {
  if (kept.length === 0 && mirrored === 0) return null;
  return (
    <div>
      <Text size="sm">
        In the CRM, where it has to be deleted:{' '}
        {[
          ...(mirrored > 0
            ? [`${counted(mirrored, 'record', 'records')} of the caller, which Ringside follows`]
            : []),
          ...(kept.length > 0
            ? [counted(kept.length, 'record of their calls', 'records of their calls')]
            : []),
        ].join(', ')}
        .
      </Text>
      <List
        size="sm"
        mah={200}
        style={{ overflowY: 'auto' }}
        tabIndex={0}
        aria-label="Records in the CRM"
      >
        {kept.map(({ type, id, number }) => (
          <List.Item key={`${type} ${id}`}>
            {type} {number === '' ? id : number}
          </List.Item>
        ))}
      </List>
    </div>
  );
}

function heldWords({ counts }: TraceSummary): string {
  const parts: [number, string, string][] = [
    [counts.calls, 'call', 'calls'],
    [counts.notes, 'note', 'notes'],
    [counts.missedCalls, 'missed-call entry', 'missed-call entries'],
    [counts.writes, 'write to the CRM', 'writes to the CRM'],
    [counts.choices, 'choice who it was', 'choices who it was'],
    [counts.deliveries, 'webhook delivery', 'webhook deliveries'],
  ];
  return parts
    .filter(([many]) => many > 0)
    .map((part) => counted(...part))
    .join(', ');
}

function save(traces: unknown): void {
  const file = new Blob([JSON.stringify(traces, null, 2)], { type: 'application/json' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = 'ringside-traces.json';
  link.click();
  URL.revokeObjectURL(link.href);
}
