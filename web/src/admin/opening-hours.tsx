import { ActionIcon, Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { CallHandling } from '../../../src/organization/call-handling.ts';
import classes from './call-handling-section.module.css';
import { TimeInput } from './time-input.tsx';
import { useCallHandling } from './use-call-handling.ts';

type Hours = CallHandling['openingHours'][number];

const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const weekdays = [0, 1, 2, 3, 4].map((weekday) => ({ weekday, from: '09:00', to: '17:00' }));

/** Spans of the week in which somebody is there. */
export function OpeningHours() {
  const { value, change, errorOf, pathOf } = useCallHandling('openingHours');
  const setHours = (index: number, changed: Partial<Hours>) =>
    change(value.with(index, { ...value[index]!, ...changed }));
  return (
    <Stack gap="xs">
      {value.length === 0 && (
        <Text size="sm" c="dimmed">
          No opening hours yet. Only a rule for missed calls within or outside of them needs any.
        </Text>
      )}
      {value.map(({ weekday, from, to }, index) => (
        <div key={index} className={classes.row}>
          <NativeSelect
            aria-label={`Day of span ${index + 1}`}
            data={days.map((label, day) => ({ value: String(day), label }))}
            value={String(weekday)}
            onChange={(event) => setHours(index, { weekday: Number(event.currentTarget.value) })}
          />
          <TimeInput
            label={`From, ${days[weekday]}`}
            value={from}
            path={pathOf(`${index}.from`)}
            error={errorOf(`${index}.from`)}
            onChange={(text) => setHours(index, { from: text })}
          />
          <TimeInput
            label={`To, ${days[weekday]}`}
            value={to}
            path={pathOf(`${index}.to`)}
            error={errorOf(`${index}.to`)}
            onChange={(text) => setHours(index, { to: text })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={`Remove ${days[weekday]} from ${from}`}
            onClick={() => change(value.toSpliced(index, 1))}
          >
            <IconTrash size={18} aria-hidden="true" />
          </ActionIcon>
        </div>
      ))}
      <Group>
        {value.length === 0 && (
          <Button variant="default" size="xs" onClick={() => change(weekdays)}>
            Monday to Friday, 09:00 to 17:00
          </Button>
        )}
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={16} aria-hidden="true" />}
          disabled={value.length >= 50}
          onClick={() =>
            change([...value, { weekday: 0, from: '09:00', to: '17:00', ...nextDay(value.at(-1)) }])
          }
        >
          Add hours
        </Button>
      </Group>
    </Stack>
  );
}

/** The day after the last span, with the same times. */
function nextDay(last: Hours | undefined): Partial<Hours> {
  return last === undefined ? {} : { ...last, weekday: (last.weekday + 1) % 7 };
}
