import { NativeSelect, NumberInput, SimpleGrid, Stack, Switch, TagsInput } from '@mantine/core';
import type { CallHandling } from '../../../src/organization/call-handling.ts';
import { useCallFilters } from '../calls/use-calls.ts';
import { MissingPlan } from './missing-plan.tsx';
import { useForm } from './organization-context.ts';
import { useCallHandling, useMissingPlan } from './use-call-handling.ts';

type When = CallHandling['missedCalls']['when'];

/** When a missed or abandoned call opens a case by itself. */
export function MissedCallRules() {
  const { value, change, errorOf, pathOf } = useCallHandling('missedCalls');
  const templates = useForm().draft.callHandling.caseTemplates;
  const locked = useMissingPlan('case-rules') !== null;
  const queues = useCallFilters().data?.queues ?? [];
  return (
    <Stack gap="sm">
      <MissingPlan feature="case-rules" />
      <Switch
        label="Open a case for a missed or abandoned call"
        checked={value.openCase}
        disabled={locked && !value.openCase}
        error={errorOf('openCase')}
        data-path={pathOf('openCase')}
        onChange={(event) => change({ ...value, openCase: event.currentTarget.checked })}
      />
      {value.openCase && (
        <>
          <Switch
            label="Only for callers that are known"
            description="The CRM has the number with a contact, consumer or account."
            checked={value.knownOnly}
            onChange={(event) => change({ ...value, knownOnly: event.currentTarget.checked })}
          />
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
            <TagsInput
              label="Queues"
              description="As the phone system names them. None: all calls."
              data={queues}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              value={value.queues}
              maxTags={100}
              error={errorOf('queues')}
              data-path={pathOf('queues')}
              onChange={(names) => change({ ...value, queues: names })}
            />
            <NativeSelect
              label="When"
              description="By the time at which the call came."
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              data={[
                { value: 'always', label: 'At any time' },
                { value: 'open', label: 'Within the opening hours' },
                { value: 'closed', label: 'Outside the opening hours' },
              ]}
              value={value.when}
              error={errorOf('when')}
              data-path={pathOf('when')}
              onChange={(event) => change({ ...value, when: event.currentTarget.value as When })}
            />
            <NumberInput
              label="Repeats within"
              description="Hours in which further calls of the number become a note on the same open case."
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              min={1}
              max={168}
              allowDecimal={false}
              value={value.foldHours}
              error={errorOf('foldHours')}
              data-path={pathOf('foldHours')}
              onChange={(hours) =>
                typeof hours === 'number' && change({ ...value, foldHours: hours })
              }
            />
            <NativeSelect
              label="Template"
              description="What the case says; placeholders are filled in."
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              data={[
                { value: '', label: 'None: ‘Missed call from …’' },
                ...templates.map(({ id, name }) => ({ value: id, label: name })),
              ]}
              value={value.templateId ?? ''}
              error={errorOf('templateId')}
              data-path={pathOf('templateId')}
              onChange={(event) =>
                change({ ...value, templateId: event.currentTarget.value || null })
              }
            />
          </SimpleGrid>
        </>
      )}
    </Stack>
  );
}
