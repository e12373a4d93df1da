import { Button, Group, NumberInput, Text } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { syncSettings } from '../../../src/directory/contract.ts';
import type { SyncView } from '../../../src/directory/contract.ts';
import { FormProblem } from '../ui/form-problem.tsx';
import { counted } from '../ui/moment.ts';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { useSyncSettings } from './use-sync.ts';

/** An emptied field holds ''. */
type Values = Record<'everySeconds' | 'caseDays', number | string>;

/** How often a connection is read, and how long closed cases are kept. */
export function SyncSettingsForm({ connectionId, sync }: { connectionId: string; sync: SyncView }) {
  const save = useSyncSettings(connectionId);
  const { everySeconds, caseDays } = sync;
  const form = useForm<Values>({
    mode: 'controlled',
    initialValues: { everySeconds, caseDays },
    validate: schemaResolver(syncSettings, { sync: true }),
  });
  const { onSubmit, busy, problem } = useFormSubmit(form, async (values) => {
    const saved = syncSettings.parse(values);
    await save.mutateAsync(saved);
    form.setInitialValues(saved);
    form.resetDirty(saved);
  });
  return (
    <form onSubmit={onSubmit} noValidate>
      <FormProblem problem={problem} title="Nothing was saved" />
      <Group gap="sm" align="flex-start">
        <NumberInput
          label="Read changes every"
          description="Of contacts and cases"
          suffix=" seconds"
          min={5}
          max={86_400}
          clampBehavior="none"
          allowDecimal={false}
          allowNegative={false}
          w={220}
          {...form.getInputProps('everySeconds')}
        />
        <NumberInput
          label="Keep closed cases for"
          description="After their last change; open ones stay"
          suffix=" days"
          min={1}
          max={3_650}
          clampBehavior="none"
          allowDecimal={false}
          allowNegative={false}
          w={260}
          {...form.getInputProps('caseDays')}
        />
        <Group gap="xs" mt={{ base: 0, sm: 42 }}>
          <Button
            type="submit"
            size="xs"
            variant="default"
            h={36}
            loading={busy}
            disabled={!form.isDirty()}
          >
            Save
          </Button>
          {form.isDirty() && (
            <Button size="xs" variant="subtle" h={36} onClick={() => form.reset()}>
              Undo
            </Button>
          )}
        </Group>
      </Group>
      <Text size="xs" c="dimmed" mt={6} aria-live="polite">
        {consequence(sync, Number(form.values.caseDays))}
      </Text>
    </form>
  );
}

/** What becomes of closed cases; nothing while all is as it is set. */
function consequence({ caseDays, heldCaseDays: held, state }: SyncView, typed: number): string {
  if (held === null) return '';
  if (typed !== caseDays && typed > 0) {
    if (typed < held)
      return `Saving drops closed cases from Ringside that were not changed in ${counted(typed, 'day', 'days')}; the CRM keeps them.`;
    return typed > held ? 'Saving pulls the older closed cases.' : '';
  }
  if (held === caseDays) return '';
  if (state === 'stopped' || state === 'unchecked') return 'Takes effect with the next pull.';
  return held < caseDays
    ? 'Older closed cases are being pulled.'
    : 'Older closed cases are being dropped.';
}
