import { Alert, Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Pop } from '../../../src/desk/contract.ts';
import { noteLength } from '../../../src/desk/work-contract.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { keptDraft } from './kept-draft.ts';
import { useWork } from './use-work.ts';

/** A comment that the customer reads: it looks different from a note, and asks once more before it goes. */
export function CommentForm({ pop, onClose }: { pop: Pop; onClose(): void }) {
  const [kept] = useState(() => keptDraft<string>('comment', pop.callId));
  const [text, setText] = useState(() => kept.read() ?? '');
  const [asking, setAsking] = useState(false);
  // Closed by mistake, or reloaded: what was typed is there again.
  useEffect(() => kept.keep(text), [kept, text]);
  const sending = useWork(pop.callId, 'post', 'comment');
  const { case: tagged } = pop.work;
  const who = tagged?.contact || tagged?.customer || 'The customer';
  const done = () => {
    kept.forget();
    onClose();
  };
  const send = () =>
    sending.mutate(
      {
        request: kept.request(),
        visibility: 'customer',
        text,
        customerSeesIt: true,
      },
      { onSuccess: done, onError: kept.failed },
    );
  return (
    <Modal opened onClose={onClose} title="Write to the customer" size="lg">
      <Stack>
        <Alert color="yellow" variant="light" icon={<IconEye aria-hidden="true" />}>
          {who} will read this on {tagged?.number || 'the new case'}. What is for colleagues only
          belongs into the note.
        </Alert>
        {sending.error !== null && (
          <ProblemAlert error={sending.error} title="The comment was not sent." />
        )}
        <Textarea
          label="Comment to the customer"
          data-autofocus
          autosize
          minRows={4}
          maxRows={14}
          maxLength={noteLength}
          readOnly={asking}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {asking ? (
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsking(false)}>
              Change it
            </Button>
            <Button color="#945600" onClick={send} loading={sending.isPending} autoFocus>
              Yes, the customer may read it
            </Button>
          </Group>
        ) : (
          <Group justify="flex-end">
            <Button variant="default" onClick={done}>
              Cancel
            </Button>
            <Button disabled={text.trim() === ''} onClick={() => setAsking(true)}>
              Send to the customer
            </Button>
          </Group>
        )}
      </Stack>
    </Modal>
  );
}
