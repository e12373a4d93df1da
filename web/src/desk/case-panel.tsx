import { Anchor, Button, Group, Text, TextInput } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { v4 as newId } from 'uuid';
import type { Pop } from '../../../src/desk/contract.ts';
import { foundCases } from '../../../src/desk/work-contract.ts';
import type { CaseField, TaggedCase } from '../../../src/desk/work-contract.ts';
import { api } from '../ui/api.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { useMay } from '../ui/use-may.ts';
import { CaseChangeForm } from './case-change-form.tsx';
import { CaseForm } from './case-form.tsx';
import { CommentForm } from './comment-form.tsx';
import { Panel } from './panel.tsx';
import { RecordLink } from './record-link.tsx';
import { useKeptDialog } from './use-kept-dialog.ts';
import { useCaseForm } from './use-case-form.ts';
import { useOpenInCrm } from './use-open-in-crm.ts';
import { useShortcut } from './use-shortcut.ts';
import { useWork } from './use-work.ts';
import { safeHref } from './wording.ts';
import { WriteMark } from './write-mark.tsx';
import classes from './case-panel.module.css';

/** The case that the call is about: tag one, make one, and work on it. */
export function CasePanel({ pop }: { pop: Pop }) {
  const { case: tagged } = pop.work;
  const [making, setMaking] = useKeptDialog<'open'>('case-dialog', pop.callId);
  const form = useCaseForm(pop.callId);
  const may = useMay('create-cases');
  const { newCaseLink } = pop.work;
  useShortcut('new-case', () => setMaking('open'), may);
  useOpenInCrm('new-case-in-crm', newCaseLink);
  return (
    <Panel
      title={tagged === null ? 'Case of this call' : 'Tagged case'}
      actions={
        <Group gap="xs">
          <NewInCrm link={newCaseLink} />
          {may && (
            <Button size="compact-sm" variant="light" onClick={() => setMaking('open')}>
              New case
            </Button>
          )}
        </Group>
      }
    >
      {form.error !== null && (
        <ProblemAlert error={form.error} title="No case can be made just now." />
      )}
      {tagged === null ? <FindCase pop={pop} /> : <Tagged pop={pop} tagged={tagged} />}
      {making !== null && may && (
        <CaseForm pop={pop} facts={form.data} onClose={() => setMaking(null)} />
      )}
    </Panel>
  );
}

function NewInCrm({ link }: { link: string | null }) {
  const href = safeHref(link);
  if (href === null) return null;
  return (
    <Anchor href={href} target="_blank" rel="noopener noreferrer" size="sm">
      New case in ServiceNow <IconExternalLink size="0.9em" aria-hidden="true" />
    </Anchor>
  );
}

/** Tagging any case, by its number. */
function FindCase({ pop }: { pop: Pop }) {
  const field = useRef<HTMLInputElement>(null);
  const [number, setNumber] = useState('');
  const tagging = useWork(pop.callId, 'put', 'case');
  const search = useMutation({
    mutationFn: () =>
      api.get(`/desk/calls/${pop.callId}/cases?number=${encodeURIComponent(number)}`, foundCases),
  });
  useShortcut('find-case', () => field.current?.focus());
  const found = search.data;
  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (number.trim() !== '') search.mutate();
        }}
      >
        <Group gap="xs" align="flex-end" wrap="nowrap">
          <TextInput
            ref={field}
            className={classes.number ?? ''}
            label="Tag a case by its number"
            placeholder="CS0001234"
            value={number}
            onChange={(event) => setNumber(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={search.isPending}>
            Find
          </Button>
        </Group>
      </form>
      {search.error !== null && <ProblemAlert error={search.error} title="Nothing was found." />}
      {tagging.error !== null && (
        <ProblemAlert error={tagging.error} title="The case was not tagged." />
      )}
      <div aria-live="polite">
        {found?.cases.length === 0 && (
          <Text size="sm" c="dimmed" mt={6}>
            {found.problem === null
              ? 'There is no case with this number.'
              : `Ringside does not know this number, and ServiceNow could not be asked: ${found.problem}`}
          </Text>
        )}
        {found?.cases.map((one) => (
          <div key={one.key} className={classes.found}>
            <div className={classes.text}>
              <RecordLink link={one.link}>{one.number}</RecordLink> {one.shortDescription}
              <Text size="xs" c="dimmed">
                {[one.contact, one.customer, one.state, one.priority, one.open ? '' : 'closed']
                  .filter(Boolean)
                  .join(' · ')}
              </Text>
            </div>
            <Button
              size="compact-sm"
              autoFocus
              onClick={() => tagging.mutate({ key: one.key })}
              loading={tagging.isPending}
            >
              Tag {one.number}
            </Button>
          </div>
        ))}
      </div>
    </>
  );
}

function Tagged({ pop, tagged }: { pop: Pop; tagged: TaggedCase }) {
  const [open, setOpen] = useKeptDialog<'change' | 'comment'>('tagged-dialog', pop.callId);
  const form = useCaseForm(pop.callId);
  const untagging = useWork(pop.callId, 'delete', 'case');
  const assigning = useWork(pop.callId, 'post', 'case/changes');
  const me = form.data?.me ?? null;
  const mine = me !== null && tagged.assignedTo?.value === me.id;
  const mayChange = useMay('change-cases');
  const mayComment = useMay('customer-comments');
  const assign = () => me !== null && assigning.mutate({ request: newId(), assignedToId: me.id });
  useOpenInCrm('open-case', tagged.link, tagged.number);
  useShortcut('untag-case', () => untagging.mutate({}), true, tagged.number);
  useShortcut('change-case', () => setOpen('change'), mayChange);
  useShortcut('comment', () => setOpen('comment'), mayComment);
  useShortcut('assign-to-me', assign, mayChange && me !== null && !mine);
  const { writes } = pop.work;
  const making = writes.find(({ id }) => id === tagged.write);
  const others = writes.filter(
    ({ id, kind, state }) =>
      id !== tagged.write &&
      (kind === 'update-case' || (kind === 'add-note' && state !== 'delivered')) &&
      pop.work.note.sent.every((part) => part.write !== id),
  );
  return (
    <>
      <p className={classes.case}>
        <strong>
          {tagged.number === '' ? (
            'New case'
          ) : (
            <RecordLink link={tagged.link}>{tagged.number}</RecordLink>
          )}
        </strong>{' '}
        {tagged.shortDescription}
      </p>
      {tagged.write !== null && <WriteMark write={making} />}
      <dl className={classes.fields}>
        <Field title="State" field={tagged.state} />
        <Field title="Priority" field={tagged.priority} />
        <Field title="Assigned to" field={tagged.assignedTo} />
        {tagged.assignmentGroup !== null && <Field title="Group" field={tagged.assignmentGroup} />}
      </dl>
      {!tagged.open && (
        <Text size="sm" c="dimmed">
          This case is closed: ServiceNow may refuse notes and changes.
        </Text>
      )}
      {others.map((write) => (
        <div key={write.id} className={classes.write}>
          <Text size="xs" span>
            {write.subject}:
          </Text>{' '}
          <WriteMark write={write} />
        </div>
      ))}
      {assigning.error !== null && (
        <ProblemAlert error={assigning.error} title="The case was not assigned." />
      )}
      {untagging.error !== null && (
        <ProblemAlert error={untagging.error} title="The tag was not taken off." />
      )}
      <Group gap="xs" mt="xs">
        {mayChange && (
          <Button size="compact-sm" variant="default" onClick={() => setOpen('change')}>
            Change
          </Button>
        )}
        {mayChange && me !== null && !mine && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={assign}
            loading={assigning.isPending}
          >
            Assign to me
          </Button>
        )}
        {mayComment && (
          <Button
            size="compact-sm"
            variant="default"
            className={classes.customer ?? ''}
            onClick={() => setOpen('comment')}
          >
            Write to the customer
          </Button>
        )}
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          onClick={() => untagging.mutate({})}
          loading={untagging.isPending}
        >
          Not this case
        </Button>
      </Group>
      {open === 'change' && mayChange && (
        <CaseChangeForm pop={pop} tagged={tagged} facts={form.data} onClose={() => setOpen(null)} />
      )}
      {open === 'comment' && mayComment && <CommentForm pop={pop} onClose={() => setOpen(null)} />}
    </>
  );
}

function Field({ title, field }: { title: string; field: CaseField | null }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        {field === null || field.label === '' ? '–' : field.label}
        {field !== null && field.write !== null && (
          <span className={classes.onItsWay}> (on its way)</span>
        )}
      </dd>
    </div>
  );
}
