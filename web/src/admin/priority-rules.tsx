import { ActionIcon, Button, Group, NativeSelect, Stack, TagsInput, Text } from '@mantine/core';
import { IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import type { PriorityCondition, PriorityRule } from '../../../src/organization/call-priority.ts';
import { useCallFilters } from '../calls/use-calls.ts';
import { MissingPlan } from './missing-plan.tsx';
import { useForm } from './organization-context.ts';
import { useCallHandling, useMissingPlan } from './use-call-handling.ts';

const levels = [
  { value: 'urgent', label: 'Urgent' },
  { value: 'high', label: 'High' },
  { value: 'low', label: 'Low' },
];
const conditions: { value: PriorityCondition; label: string }[] = [
  { value: 'company', label: 'the caller’s company is' },
  { value: 'open-case', label: 'the caller has an open case' },
  { value: 'queue', label: 'the queue is' },
  { value: 'number', label: 'the number called is' },
];
const hints = {
  company: 'As ServiceNow spells it',
  queue: 'As the phone system names it',
  number: '+49 30 555000',
};

/** Which calls come first: a list of rules, the first that fits counts. */
export function PriorityRules() {
  const { value: rules, change, errorOf, pathOf } = useCallHandling('priorities');
  const locked = useMissingPlan('call-priority') !== null;
  const refused = useForm().errors['callHandling.priorities'];
  const put = (at: number, rule: PriorityRule) => change(rules.with(at, rule));
  const add = () =>
    change([...rules, { priority: 'high', when: 'company', values: [], casePriority: 1 }]);
  return (
    <Stack gap="sm">
      <MissingPlan feature="call-priority" />
      {rules.length === 0 && (
        <Text size="sm" c="dimmed">
          No rules: all calls are alike, the newest first.
        </Text>
      )}
      {rules.map((rule, at) => (
        <RuleRow
          // Rules have no name of their own; their place is what they are known by.
          key={at}
          place={at + 1}
          rule={rule}
          disabled={locked}
          error={errorOf(`${at}.values`)}
          path={pathOf(`${at}.values`)}
          onChange={(changed) => put(at, changed)}
          onUp={at === 0 ? null : () => change(swapped(rules, at))}
          onRemove={() => change(rules.toSpliced(at, 1))}
        />
      ))}
      <Group>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={16} aria-hidden="true" />}
          disabled={locked || rules.length >= 50}
          data-path="callHandling.priorities"
          onClick={add}
        >
          Add rule
        </Button>
        {refused !== undefined && (
          <Text size="sm" c="var(--mantine-color-error)">
            {refused}
          </Text>
        )}
      </Group>
    </Stack>
  );
}

function swapped(rules: PriorityRule[], at: number): PriorityRule[] {
  return rules.with(at, rules[at - 1]!).with(at - 1, rules[at]!);
}

interface RuleRowProps {
  /** 1 for the first. */
  place: number;
  rule: PriorityRule;
  disabled: boolean;
  error: string | undefined;
  path: string;
  onChange: (rule: PriorityRule) => void;
  onUp: (() => void) | null;
  onRemove: () => void;
}

function RuleRow(props: RuleRowProps) {
  const { place, rule, disabled, onChange, onUp, onRemove } = props;
  const queues = useCallFilters().data?.queues ?? [];
  const { when } = rule;
  return (
    <Group gap="xs" align="flex-start" role="group" aria-label={`Rule ${place}`}>
      <NativeSelect
        aria-label={`Priority of rule ${place}`}
        data={levels}
        disabled={disabled}
        value={rule.priority}
        onChange={({ currentTarget }) =>
          onChange({ ...rule, priority: currentTarget.value as PriorityRule['priority'] })
        }
      />
      <NativeSelect
        aria-label={`Condition of rule ${place}`}
        data={conditions}
        disabled={disabled}
        value={when}
        onChange={({ currentTarget }) =>
          onChange({ ...rule, when: currentTarget.value as PriorityCondition, values: [] })
        }
      />
      {when === 'open-case' ? (
        <NativeSelect
          aria-label={`Case priority of rule ${place}`}
          data={[
            { value: '1', label: 'of priority 1' },
            { value: '2', label: 'of priority 1 or 2' },
          ]}
          disabled={disabled}
          value={String(rule.casePriority)}
          onChange={({ currentTarget }) =>
            onChange({ ...rule, casePriority: Number(currentTarget.value) })
          }
        />
      ) : (
        <TagsInput
          aria-label={`Values of rule ${place}`}
          placeholder={rule.values.length === 0 ? hints[when] : ''}
          data={when === 'queue' ? queues : []}
          disabled={disabled}
          style={{ flex: '1 1 12rem' }}
          acceptValueOnBlur
          value={rule.values}
          maxTags={100}
          error={props.error}
          data-path={props.path}
          onChange={(values) => onChange({ ...rule, values })}
        />
      )}
      <Group gap={4} wrap="nowrap">
        {onUp !== null && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            disabled={disabled}
            aria-label={`Move rule ${place} up`}
            onClick={onUp}
          >
            <IconArrowUp size={18} aria-hidden="true" />
          </ActionIcon>
        )}
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={`Remove rule ${place}`}
          onClick={onRemove}
        >
          <IconTrash size={18} aria-hidden="true" />
        </ActionIcon>
      </Group>
    </Group>
  );
}
