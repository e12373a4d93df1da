import { Button, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { v4 as newId } from 'uuid';
import type { Pop } from '../../../src/desk/contract.ts';
import { hoursAndMinutes, secondsOf } from '../../../src/desk/worked-time.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { useNote } from './use-note.ts';
import { useServerNow } from './use-server-now.ts';
import { useShortcut } from './use-shortcut.ts';
import { useWork } from './use-work.ts';
import { Panel } from './panel.tsx';

/** What ends a call: its code, the time worked, and the note on its way to the case. */
export function WrapUpBar({ pop, clockOffset }: { pop: Pop; clockOffset: number }) {
  const { wrapUp, case: tagged, note } = pop.work;
  const open = wrapUp.state === 'open';
  const early = wrapUp.state === 'ahead' && pop.state !== 'ringing' && wrapUp.codes.length > 0;
  const now = useServerNow(clockOffset, 1_000);
  const { keeper } = useNote(pop.callId, note);
  const saving = useWork(pop.callId, 'put', 'wrap-up');
  const finishing = useWork(pop.callId, 'post', 'wrap-up/finish');
  const codes = useRef<HTMLSelectElement>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const began = wrapUp.beganAt === null ? now : Date.parse(wrapUp.beganAt);
  const measured = wrapUp.secondsTalked + Math.max(0, now - began) / 1000;
  const shown = typed ?? hoursAndMinutes(wrapUp.secondsWorked ?? measured);
  const wrongTime = typed !== null && secondsOf(typed) === null;
  const secondsWorked = typed === null ? wrapUp.secondsWorked : secondsOf(typed);
  // While it is on its way to the hub the code counts as chosen: whoever finishes at once has chosen it.
  const [choosing, setChoosing] = useState<{ codeId: string | null } | null>(null);
  const { codeId } = choosing ?? { codeId: wrapUp.code?.id ?? null };
  const choose = (code: string | null) => {
    const choice = { codeId: code };
    setChoosing(choice);
    const settle = () => setChoosing((now) => (now === choice ? null : now));
    saving.mutate({ codeId: code, secondsWorked }, { onSettled: settle });
  };
  const finish = () => {
    if (wrongTime || finishing.isPending) return;
    finishing.mutate(
      { request: newId(), codeId, secondsWorked, note: keeper.handOut() },
      {
        onSuccess: (done) => keeper.settle(done.work.note),
        onError: () => {
          keeper.type(keeper.view.text);
          if (wrapUp.required && codeId === null) codes.current?.focus();
        },
      },
    );
  };
  useShortcut('finish', finish, open);
  useShortcut(
    'wrap-up-code',
    () => codes.current?.focus(),
    (open || early) && wrapUp.codes.length > 0,
  );
  if (!open && !early) return null;
  return (
    <Panel title="Wrap-up" actions={open && <Countdown dueAt={wrapUp.dueAt} now={now} />}>
      {finishing.error !== null && (
        <ProblemAlert error={finishing.error} title="The call is not finished." />
      )}
      {saving.error !== null && <ProblemAlert error={saving.error} title="That was not saved." />}
      <Group align="flex-end" gap="sm">
        {wrapUp.codes.length > 0 && (
          <NativeSelect
            ref={codes}
            label="Wrap-up code"
            withAsterisk={wrapUp.required}
            value={codeId ?? ''}
            data={[
              { value: '', label: wrapUp.required ? 'Choose one' : 'None' },
              ...wrapUp.codes.map(({ id, label }) => ({ value: id, label })),
            ]}
            onChange={(event) => choose(event.currentTarget.value || null)}
          />
        )}
        {open && tagged !== null && (
          <TextInput
            label="Time worked"
            description="Hours and minutes"
            inputMode="numeric"
            w={130}
            value={shown}
            error={wrongTime ? 'Such as 0:15' : null}
            onChange={(event) => setTyped(event.currentTarget.value)}
            onBlur={() => {
              if (typed !== null && !wrongTime) saving.mutate({ codeId, secondsWorked });
            }}
          />
        )}
        {open && (
          <Button onClick={finish} loading={finishing.isPending}>
            Finish
          </Button>
        )}
      </Group>
      {open && (
        <Text size="xs" c="dimmed" mt={6}>
          {tagged === null
            ? 'No case is tagged: your note is kept with the call.'
            : `Your note and the time go to ${tagged.number === '' ? 'the new case' : tagged.number} as a work note.`}
        </Text>
      )}
    </Panel>
  );
}

function Countdown({ dueAt, now }: { dueAt: string | null; now: number }) {
  if (dueAt === null) return null;
  const seconds = Math.max(0, Math.ceil((Date.parse(dueAt) - now) / 1000));
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return (
    <Text size="sm" fw={600} role="timer" className="tabular">
      Finishes by itself in {clock}
    </Text>
  );
}
