import { Alert, Checkbox, NumberInput, Stack, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { CallHandling } from '../../../src/organization/call-handling.ts';
import { retentionInput, retentionPreview } from '../../../src/privacy/contract.ts';
import type { RetentionPreview } from '../../../src/privacy/contract.ts';
import { api } from '../ui/api.ts';
import { counted } from '../ui/moment.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { useForm } from './organization-context.ts';
import { useCallHandling } from './use-call-handling.ts';

type Kept = CallHandling['retention'];

const kinds: Record<keyof Kept, { label: string; forever: string; usual: number; least: number }> =
  {
    calls: { label: 'Delete calls after', forever: 'Keep calls for ever', usual: 365, least: 30 },
    notes: {
      ...{ label: 'Delete notes after', forever: 'Keep notes as long as their call' },
      ...{ usual: 90, least: 30 },
    },
    events: {
      label: 'Delete events of the phone system after',
      ...{ forever: 'Keep events as long as their call', usual: 30, least: 7 },
    },
  };

/** How long calls, notes and events live. */
export function RetentionRules() {
  const { value, change, errorOf, pathOf } = useCallHandling('retention');
  return (
    <Stack gap="md">
      {(['calls', 'notes', 'events'] as const).map((kind) => {
        const { label, forever, usual, least } = kinds[kind];
        const days = value[kind];
        const longest = kind === 'calls' ? usual : Math.min(usual, value.calls ?? usual);
        return (
          <Stack key={kind} gap={6}>
            <Checkbox
              label={forever}
              checked={days === null}
              onChange={(event) =>
                change({ ...value, [kind]: event.currentTarget.checked ? null : longest })
              }
            />
            {days !== null && (
              <NumberInput
                label={label}
                description={`Days after the end of the call; ${least} at least.`}
                min={least}
                max={3650}
                clampBehavior="none"
                allowDecimal={false}
                allowNegative={false}
                maw={320}
                value={days}
                error={errorOf(kind)}
                data-path={pathOf(kind)}
                onChange={(wanted) =>
                  change({ ...value, [kind]: typeof wanted === 'number' ? wanted : 0 })
                }
              />
            )}
          </Stack>
        );
      })}
      <Preview wanted={value} />
    </Stack>
  );
}

/** Says before Save what the next night will delete. */
function Preview({ wanted }: { wanted: Kept }) {
  const edited = useForm().edits['callHandling.retention'] !== undefined;
  const valid = retentionInput.safeParse(wanted).success;
  const { data, error } = useQuery({
    queryKey: ['retention-preview', wanted],
    queryFn: ({ signal }) => api.post('/privacy/retention', wanted, retentionPreview, { signal }),
    enabled: edited && valid,
    placeholderData: keepPreviousData,
    retry: false,
  });
  if (!edited || !valid) return null;
  if (error !== null)
    return <ProblemAlert error={error} title="What will be deleted could not be counted" />;
  if (data === undefined) return null;
  const deleted = deletedWords(data);
  return (
    <Alert
      color={deleted === '' ? 'gray' : 'red'}
      variant="light"
      icon={<IconTrash aria-hidden="true" />}
      title={deleted === '' ? 'Nothing is deleted now' : 'Deleted in the night after Save'}
      role="status"
    >
      <Text size="sm">
        {deleted === ''
          ? 'No call is older than this today.'
          : `${deleted}. This cannot be undone; what was written to the CRM stays there.`}
      </Text>
      {data.held > 0 && (
        <Text size="sm" mt={4}>
          {counted(data.held, 'older call stays', 'older calls stay')} until nothing of them is open
          any more: a write that waits for the CRM, a wrap-up, or somebody to call back.
        </Text>
      )}
    </Alert>
  );
}

function deletedWords({ calls, notes, journals }: RetentionPreview): string {
  return [
    ...(calls > 0
      ? [
          counted(
            calls,
            'call with all that is known of it',
            'calls with all that is known of them',
          ),
        ]
      : []),
    ...(notes > 0 ? [`the notes of ${counted(notes, 'more call', 'more calls')}`] : []),
    ...(journals > 0 ? [`the events of ${counted(journals, 'more call', 'more calls')}`] : []),
  ].join(', ');
}
