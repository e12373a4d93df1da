import { Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { pop as popSchema } from '../../../src/desk/contract.ts';
import type { Candidate, Pop } from '../../../src/desk/contract.ts';
import { api } from '../ui/api.ts';
import { useMay } from '../ui/use-may.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { CallerFinder } from './caller-finder.tsx';
import { CallerWrites } from './caller-writes.tsx';
import { CandidateChooser } from './candidate-chooser.tsx';
import { useDeskActions } from './desk-actions.ts';
import { isOutside, shownCandidate } from './desk-view.ts';
import { EditContact } from './edit-contact.tsx';
import { keptDraft } from './kept-draft.ts';
import { UnknownCaller } from './unknown-caller.tsx';
import { useShortcut } from './use-shortcut.ts';

interface WhoIsItProps {
  pop: Pop;
  now: number;
  /** A choice of this pop is on its way. */
  choosing: boolean;
  onChoose(key: string): void;
}

type Mode = 'closed' | 'choosing' | 'finding' | 'editing';
type Opened = { mode: Mode; for: string | null };

/**
 * Everything that helps to find out who the caller is: the choice between candidates, the search, a new contact, leaving it at
 * that. While somebody is shown it is two buttons: somebody else, and edit.
 */
export function WhoIsIt({ pop, now, choosing, onChoose }: WhoIsItProps) {
  const shown = shownCandidate(pop);
  const { chosen, candidates, leftUnknown } = pop.match;
  // Whatever was open belongs to whoever was shown then.
  const [opened, setOpened] = useKeptMode(pop.callId);
  const asked = opened !== null && opened.for === chosen ? opened.mode : null;
  const open = (mode: Mode) => setOpened({ mode, for: chosen });
  const close = () => setOpened(null);

  const leave = useLeaveUnknown(pop);
  const asking = shown === null && !leftUnknown && isOutside(pop);
  const mode = asked ?? (asking ? (candidates.length > 1 ? 'choosing' : 'finding') : 'closed');
  const others = candidates.filter(({ key }) => key !== shown?.key).length;
  useShortcut('find-caller', () => open('finding'), isOutside(pop) && mode !== 'finding');
  useShortcut('leave-unknown', () => leave.mutate(true), asking);
  useShortcut(
    'choose-caller',
    () => open('choosing'),
    candidates.length > 1 && mode !== 'choosing' && isOutside(pop),
  );
  const mayEdit = useMay('change-records') && isEditable(shown);
  useShortcut('edit-contact', () => open('editing'), mayEdit && mode !== 'editing');
  if (shown === null && !isOutside(pop)) return null;

  return (
    <>
      <CallerWrites pop={pop} />
      {leave.isError && <ProblemAlert error={leave.error} title="That was not kept" />}
      {asking && candidates.length === 0 && <UnknownCaller pop={pop} now={now} />}
      {mode === 'choosing' && (
        <CandidateChooser
          pop={pop}
          now={now}
          busy={choosing}
          onChoose={(key) => {
            close();
            onChoose(key);
          }}
          onNone={() => open('finding')}
          onCancel={shown === null ? null : close}
        />
      )}
      {mode === 'finding' && (
        <CallerFinder
          pop={pop}
          asked={asked !== null}
          onLeave={asking ? () => leave.mutate(true) : null}
          onCancel={asked === null ? null : close}
          onDone={close}
        />
      )}
      {mode === 'editing' && shown !== null && (
        <EditContact pop={pop} candidate={shown} onClose={close} />
      )}
      {mode === 'closed' && shown !== null && (
        <Group gap={4} mt={2} ml={-8}>
          {mayEdit && (
            <Button variant="subtle" size="compact-sm" onClick={() => open('editing')}>
              Edit
            </Button>
          )}
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => open(others > 0 ? 'choosing' : 'finding')}
          >
            {others > 0 ? `Somebody else? ${others} more with this number` : 'Somebody else?'}
          </Button>
        </Group>
      )}
      {mode === 'closed' && shown === null && (
        <Text size="sm" c="dimmed" mt="sm" component="div">
          Left unknown.{' '}
          <Button
            variant="subtle"
            size="compact-sm"
            loading={leave.isPending}
            onClick={() => leave.mutate(false)}
          >
            Find out who it is
          </Button>
        </Text>
      )}
    </>
  );
}

/** What somebody opened by hand, over a reload too; null: nothing. */
function useKeptMode(callId: string) {
  const [opened, setOpened] = useState(() => keptDraft<Opened>('who-is-it', callId).read());
  const change = (next: Opened | null): void => {
    const kept = keptDraft<Opened>('who-is-it', callId);
    if (next === null) kept.forget();
    else kept.keep(next);
    setOpened(next);
  };
  return [opened, change] as const;
}

function isEditable(candidate: Candidate | null): boolean {
  return candidate !== null && candidate.kind !== 'user';
}

/** Leaves the caller unknown (true), or has the pop ask again. */
function useLeaveUnknown({ callId }: Pop) {
  const { ask } = useDeskActions();
  return useMutation({
    mutationFn: (left: boolean) =>
      ask(() => api.put(`/desk/pops/${callId}/unknown`, { left }, popSchema)),
  });
}
