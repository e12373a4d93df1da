import { ActionIcon, Button, Group, NumberInput, Stack, Switch, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { WrapUpCode } from '../../../src/organization/call-handling.ts';
import classes from './call-handling-section.module.css';
import { MissingPlan } from './missing-plan.tsx';
import { useCallHandling, useMissingPlan } from './use-call-handling.ts';

/** Codes to choose from when a call has ended, whether one must be chosen, and how long that may take. */
export function WrapUpRules() {
  const { value, change, errorOf, pathOf } = useCallHandling('wrapUp');
  const locked = useMissingPlan('wrap-up-codes') !== null;
  const setCode = (index: number, changed: Partial<WrapUpCode>) =>
    change({ ...value, codes: value.codes.with(index, { ...value.codes[index]!, ...changed }) });
  return (
    <Stack gap="sm">
      <MissingPlan feature="wrap-up-codes" />
      {value.codes.map(({ id, label, active }, index) => (
        <div key={id} className={classes.row}>
          <TextInput
            className={classes.grow}
            aria-label={`Wrap-up code ${index + 1}`}
            placeholder="Such as Billing question"
            value={label}
            maxLength={100}
            disabled={locked}
            error={errorOf(`codes.${index}.label`)}
            data-path={pathOf(`codes.${index}.label`)}
            onChange={(event) => setCode(index, { label: event.currentTarget.value })}
          />
          <Switch
            label="Offered"
            mt={8}
            checked={active}
            disabled={locked}
            onChange={(event) => setCode(index, { active: event.currentTarget.checked })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={`Remove ${label === '' ? `wrap-up code ${index + 1}` : label}`}
            onClick={() => change({ ...value, codes: value.codes.toSpliced(index, 1) })}
          >
            <IconTrash size={18} aria-hidden="true" />
          </ActionIcon>
        </div>
      ))}
      <Group>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={16} aria-hidden="true" />}
          disabled={locked || value.codes.length >= 100}
          data-path={pathOf('codes')}
          onClick={() =>
            change({
              ...value,
              codes: [...value.codes, { id: crypto.randomUUID(), label: '', active: true }],
            })
          }
        >
          Add wrap-up code
        </Button>
      </Group>
      <Switch
        label="A code must be chosen"
        description="The call stays on the Desk until one is."
        checked={value.required}
        error={errorOf('required')}
        data-path={pathOf('required')}
        onChange={(event) => change({ ...value, required: event.currentTarget.checked })}
      />
      <NumberInput
        label="Time for wrap-up"
        description="Seconds after the call until it is finished by itself. Empty: until the agent finishes."
        placeholder="No limit"
        min={5}
        max={3600}
        allowDecimal={false}
        maw={320}
        value={value.seconds ?? ''}
        error={errorOf('seconds')}
        data-path={pathOf('seconds')}
        onChange={(seconds) =>
          change({ ...value, seconds: typeof seconds === 'number' ? seconds : null })
        }
      />
    </Stack>
  );
}
