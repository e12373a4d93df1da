import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { CallerTraces } from '../privacy/caller-traces.tsx';
import { SectionCard } from '../ui/section-card.tsx';
import { sections } from './section-index.tsx';

/** 'Privacy': what is held of one caller. */
export function PrivacySection() {
  const [typed, setTyped] = useState('');
  const [who, setWho] = useState<string | null>(null);
  return (
    <SectionCard
      {...sections.find(({ id }) => id === 'privacy')!}
      lead="When a caller asks what you hold of them, or wants it erased. How long calls are kept is said under Call handling."
    >
      <Stack>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (typed.trim() !== '') setWho(typed.trim());
          }}
        >
          <Group align="flex-end">
            <TextInput
              label="Telephone number of the caller"
              description="In any notation. Of a contact: open one of their calls and choose them there."
              type="tel"
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            <Button type="submit" variant="default" disabled={typed.trim() === ''}>
              Look up
            </Button>
          </Group>
        </form>
        {who !== null && <CallerTraces key={who} who={who} />}
      </Stack>
    </SectionCard>
  );
}
