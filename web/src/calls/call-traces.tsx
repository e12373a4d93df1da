import { Button, Group, Modal, Text } from '@mantine/core';
import { useState } from 'react';
import type { CallStory } from '../../../src/reports/contract.ts';
import { CallerTraces } from '../privacy/caller-traces.tsx';
import { SectionCard } from '../ui/section-card.tsx';
import { useMe } from '../ui/use-me.ts';

/** For administrators: what is held of the caller, by the number or as a record of the CRM. */
export function CallTraces({ story: { call, found } }: { story: CallStory }) {
  const [who, setWho] = useState<{ key: string; name: string } | null>(null);
  if (useMe().person.role !== 'administrator') return null;
  const choices = [
    ...(call.party.e164 === null ? [] : [{ key: call.party.e164, name: call.party.display }]),
    ...(found?.candidates ?? []).map(({ key, name }) => ({ key, name })),
  ];
  if (choices.length === 0) return null;
  return (
    <SectionCard title="Privacy">
      <Text size="sm" mb="sm">
        See, export or erase what Ringside holds of:
      </Text>
      <Group>
        {choices.map((choice) => (
          <Button key={choice.key} variant="default" size="xs" onClick={() => setWho(choice)}>
            {choice.name}
          </Button>
        ))}
      </Group>
      <Modal
        opened={who !== null}
        onClose={() => setWho(null)}
        title={`Traces of ${who?.name ?? ''}`}
        size="lg"
      >
        {who !== null && <CallerTraces key={who.key} who={who.key} />}
      </Modal>
    </SectionCard>
  );
}
