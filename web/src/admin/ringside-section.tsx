import { Button, SimpleGrid, TextInput } from '@mantine/core';
import { useCallback } from 'react';
import { CountrySelect } from '../ui/country-select.tsx';
import { SectionCard } from '../ui/section-card.tsx';
import { TimeZoneSelect } from '../ui/time-zone-select.tsx';
import { HouseCheckButton } from './house-check-button.tsx';
import { useForm } from './organization-context.ts';
import { sections } from './section-index.tsx';
import { SystemsCheckButton } from './systems-check-button.tsx';
import type { SystemsCheck } from './use-systems-check.ts';

/** 'Ringside Administration': the organization itself, Save and Systems Check. */
export function RingsideSection({ check }: { check: SystemsCheck }) {
  const { draft, errors, set, save, saving, edits, collisions } = useForm();
  // The same functions each time: the long lists are not drawn anew at every key somewhere on the page.
  const setCountry = useCallback(
    (value: string | null) => value !== null && set('country', value),
    [set],
  );
  const setTimeZone = useCallback(
    (value: string | null) => value !== null && set('timeZone', value),
    [set],
  );
  const dirty = Object.keys(edits).length > 0;
  return (
    <SectionCard
      {...sections.find(({ id }) => id === 'ringside-administration')!}
      lead="Your organization as Ringside knows it."
      actions={
        <>
          <HouseCheckButton check={check} />
          <SystemsCheckButton check={check} />
          <Button
            onClick={() => void save()}
            loading={saving}
            disabled={!dirty || collisions.length > 0}
          >
            Save
          </Button>
        </>
      }
    >
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md">
        <TextInput
          label="Name"
          value={draft.name}
          onChange={(event) => set('name', event.currentTarget.value)}
          error={errors['name']}
          data-path="name"
          maxLength={200}
        />
        <CountrySelect
          value={draft.country}
          onChange={setCountry}
          error={errors['country']}
          data-path="country"
        />
        <TimeZoneSelect
          value={draft.timeZone}
          onChange={setTimeZone}
          error={errors['timeZone']}
          data-path="timeZone"
        />
      </SimpleGrid>
    </SectionCard>
  );
}
