import { Alert, Button, Group, Text, Textarea } from '@mantine/core';
import { useRef } from 'react';
import { v4 as newId } from 'uuid';
import type { Pop } from '../../../src/desk/contract.ts';
import { noteLength } from '../../../src/desk/work-contract.ts';
import type { ColleagueNote, SentPart } from '../../../src/desk/work-contract.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import type { NoteKeeper, NoteView } from './note-keeper.ts';
import { Panel } from './panel.tsx';
import { useNote } from './use-note.ts';
import { useShortcut } from './use-shortcut.ts';
import { useWork } from './use-work.ts';
import { timeOfDay } from './wording.ts';
import { WriteMark } from './write-mark.tsx';
import classes from './note-editor.module.css';

/** The agent's note on the call, saved as it is typed, and what colleagues noted before. */
export function NoteEditor({ pop }: { pop: Pop }) {
  const { note, colleagues, case: tagged, writes } = pop.work;
  const { keeper, view } = useNote(pop.callId, note);
  const field = useRef<HTMLTextAreaElement>(null);
  const sending = useWork(pop.callId, 'post', 'note/send');
  const canSend = tagged !== null && view.text.trim() !== '' && !sending.isPending;
  const send = () => {
    if (!canSend) return;
    sending.mutate(
      { request: newId(), note: keeper.handOut() },
      { onSuccess: (sent) => keeper.settle(sent.work.note), onError: () => keeper.type(view.text) },
    );
  };
  useShortcut('note', () => field.current?.focus());
  useShortcut('send-note', send, canSend);
  return (
    <Panel title="Note" actions={<NoteState view={view} />}>
      {colleagues.map((colleague) => (
        <ColleagueNotes key={colleague.personId} note={colleague} />
      ))}
      {note.sent.map((part) => (
        <Sent key={part.write} part={part}>
          <WriteMark write={writes.find(({ id }) => id === part.write)} />
        </Sent>
      ))}
      {sending.error !== null && (
        <ProblemAlert error={sending.error} title="The note was not sent." />
      )}
      {view.state === 'conflict' && <Conflict view={view} keeper={keeper} />}
      <Textarea
        ref={field}
        aria-label="Note on this call"
        placeholder={note.sent.length > 0 ? 'Add to your note' : 'What is it about?'}
        description="Only colleagues see it."
        autosize
        minRows={2}
        maxRows={12}
        maxLength={noteLength}
        value={view.text}
        onChange={(event) => keeper.type(event.currentTarget.value)}
      />
      {tagged !== null && view.text.trim() !== '' && (
        <Group mt={6}>
          <Button size="compact-sm" variant="light" onClick={send} loading={sending.isPending}>
            Send to {tagged.number === '' ? 'the new case' : tagged.number} now
          </Button>
        </Group>
      )}
    </Panel>
  );
}

function NoteState({ view: { state, text, problem } }: { view: NoteView }) {
  if (state === 'saved' && text === '') return null;
  const words = {
    saved: 'Saved',
    unsaved: problem === null ? 'Saving…' : 'Kept in this browser until Ringside answers',
    conflict: 'Changed in another window',
    refused: `Kept in this browser. ${problem ?? ''}`,
  };
  return (
    <Text size="xs" c="dimmed" role="status">
      {words[state]}
    </Text>
  );
}

function Conflict({ view, keeper }: { view: NoteView; keeper: NoteKeeper }) {
  return (
    <Alert color="yellow" title="Your note was changed in another window" mb={6} role="alert">
      <p className={classes.text}>{view.theirs?.text || 'It was emptied there.'}</p>
      <Group gap="xs" mt={6}>
        <Button size="compact-sm" onClick={() => keeper.resolve('both')}>
          Keep both
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => keeper.resolve('mine')}>
          Keep what I typed here
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => keeper.resolve('theirs')}>
          Take the other
        </Button>
      </Group>
    </Alert>
  );
}

function ColleagueNotes({ note }: { note: ColleagueNote }) {
  const texts = [...note.sent.map(({ text }) => text), note.text].filter((text) => text !== '');
  return (
    <div className={classes.other}>
      <Text size="xs" c="dimmed">
        {note.name}, {timeOfDay(note.updatedAt)}
      </Text>
      <p className={classes.text}>{texts.join('\n')}</p>
    </div>
  );
}

function Sent({ part, children }: { part: SentPart; children: React.ReactNode }) {
  return (
    <div className={classes.other}>
      <Group gap="xs">
        <Text size="xs" c="dimmed">
          You, {timeOfDay(part.at)}
        </Text>
        {children}
      </Group>
      <p className={classes.text}>{part.text}</p>
    </div>
  );
}
