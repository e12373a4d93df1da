import { Anchor, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { pop as popSchema } from '../../../src/desk/contract.ts';
import type { Candidate, Pop } from '../../../src/desk/contract.ts';
import { api } from '../ui/api.ts';
import { asProblem } from '../ui/problem.ts';
import { useDeskActions } from './desk-actions.ts';
import { useShortcut } from './use-shortcut.ts';
import { inWords } from './wording.ts';

/** Whom of several the number was said to be on an earlier call, and the way to have that forgotten. */
export function LastChosen({ pop, now }: { pop: Pop; now: number }) {
  const { ask } = useDeskActions();
  const memory = useMutation({
    mutationFn: (forgotten: boolean) =>
      ask(() => api.put(`/desk/pops/${pop.callId}/memory`, { forgotten }, popSchema)),
  });
  const last = pop.match.candidates.find((candidate) => chosenEarlier(pop, candidate));
  const forgotten = memory.isSuccess && memory.variables && last === undefined;
  useShortcut('forget-choice', () => memory.mutate(true), last !== undefined, last?.name);
  if (last === undefined && !forgotten) return null;
  return (
    <Text size="sm" c="dimmed" role="status" mb={6}>
      {last === undefined
        ? 'Forgotten for this number. '
        : `${last.name}: ${chosenText(last, now)}. `}
      <Anchor
        component="button"
        type="button"
        inherit
        disabled={memory.isPending}
        onClick={() => memory.mutate(!forgotten)}
      >
        {forgotten ? 'Undo' : 'Forget this'}
      </Anchor>
      {memory.isError && ` ${asProblem(memory.error).detail}`}
    </Text>
  );
}

/** 'Chosen last time by Ada Berg, 3 days ago' */
function chosenText({ lastChosen }: Candidate, now: number): string {
  if (lastChosen === null) return '';
  const by = lastChosen.by === null ? '' : ` by ${lastChosen.by}`;
  return `chosen last time${by}, ${inWords(lastChosen.at, now)}`;
}

/** What was chosen for this very call is no news to whoever chose it. */
function chosenEarlier(pop: Pop, { lastChosen }: Candidate): boolean {
  return lastChosen !== null && lastChosen.at < pop.startedAt;
}
