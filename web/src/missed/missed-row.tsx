import { Anchor, Badge, Button, Group, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronUp, IconPhoneOutgoing } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { MissedCall } from '../../../src/desk/missed-contract.ts';
import { CallerNumber } from '../desk/caller-number.tsx';
import { PriorityMark } from '../desk/priority-mark.tsx';
import { useDeskActions } from '../desk/desk-actions.ts';
import { Ago } from '../ui/ago.tsx';
import table from '../ui/data-table.module.css';
import { counted, dateTime } from '../ui/moment.ts';
import classes from './missed-row.module.css';
import { callerText, closedText, partText } from './wording.ts';

interface MissedRowProps {
  entry: MissedCall;
  busy: boolean;
  onClose(closed: boolean): void;
}

/** Somebody who called in vain: who, when, how often, and what to do about it. */
export function MissedRow({ entry, busy, onClose }: MissedRowProps) {
  const { call } = useDeskActions();
  const [unfolded, { toggle }] = useDisclosure(false);
  const who = callerText(entry);
  const isKnown = entry.name !== '' || entry.company !== '' || entry.caller.anonymous;
  const title = isKnown ? who : 'Unknown caller';
  const missed = entry.calls.find(({ kind }) => kind === 'missed');
  const tried = entry.calls.find(({ kind }) => kind === 'tried');
  const several = entry.calls.length > 1;
  return (
    <tr role="row" tabIndex={-1} className={classes.row} aria-label={who}>
      <td role="cell" data-label="Who">
        <div>
          <Text size="sm" fw={600} component="div">
            {entry.link === null ? (
              title
            ) : (
              <Anchor href={entry.link} target="_blank" rel="noopener noreferrer" inherit>
                {title}
              </Anchor>
            )}
          </Text>
          {entry.priority !== null && <PriorityMark priority={entry.priority} />}
          {entry.name !== '' && entry.company !== '' && <Text size="sm">{entry.company}</Text>}
          {(entry.name !== '' || !entry.caller.anonymous) && <CallerNumber caller={entry.caller} />}
        </div>
      </td>
      <td role="cell" data-label="When">
        <div>
          <Text size="sm" component="div">
            <Ago time={entry.lastAt} />
          </Text>
          {entry.times > 1 && (
            <Text size="xs" c="dimmed" component="div">
              first {dateTime(entry.firstAt)}
            </Text>
          )}
        </div>
      </td>
      <td role="cell" data-label="What happened">
        <div>
          {entry.times > 1 && (
            <Badge size="sm" variant="light" mr={6}>
              {counted(entry.times, 'time', 'times')}
            </Badge>
          )}
          {missed !== undefined && partText(missed)}
          {tried !== undefined && entry.closed === null && (
            <Text size="sm" c="dimmed" component="div">
              {partText(tried)}
              {entry.tries > 1 && `, ${counted(entry.tries, 'try', 'tries')}`},{' '}
              <Ago time={tried.at} />
            </Text>
          )}
          {entry.case !== null && <OpenedCase opened={entry.case} />}
          {entry.closed !== null && (
            <Text size="sm" c="dimmed" component="div">
              {closedText(entry)}, <Ago time={entry.closed.at} />
            </Text>
          )}
          {several && (
            <UnstyledButton className={classes.unfold} onClick={toggle} aria-expanded={unfolded}>
              {unfolded ? 'Hide the calls' : 'Show each call'}
              {unfolded ? (
                <IconChevronUp size={14} aria-hidden="true" />
              ) : (
                <IconChevronDown size={14} aria-hidden="true" />
              )}
            </UnstyledButton>
          )}
          {(unfolded || !several) && <Calls calls={entry.calls} brief={!several} />}
        </div>
      </td>
      <td role="cell" className={table.actions}>
        <Group gap="xs" className={classes.actions} wrap="nowrap">
          {call !== null && entry.caller.e164 !== null && (
            <Button
              size="xs"
              variant={entry.closed === null ? 'filled' : 'default'}
              leftSection={<IconPhoneOutgoing size={16} aria-hidden="true" />}
              onClick={() => call(entry.caller)}
              aria-label={`Call back ${who}`}
            >
              Call back
            </Button>
          )}
          <Button
            size="xs"
            variant="default"
            loading={busy}
            onClick={() => onClose(entry.closed === null)}
            aria-label={`${entry.closed === null ? 'Close' : 'Open again:'} ${who}`}
          >
            {entry.closed === null ? 'Close' : 'Open again'}
          </Button>
        </Group>
      </td>
    </tr>
  );
}

/** Each call leads to what happened to it. */
function Calls({ calls, brief }: { calls: MissedCall['calls']; brief: boolean }) {
  return (
    <ul className={classes.calls}>
      {calls.map((one) => (
        <li key={one.callId}>
          <Anchor
            size="sm"
            underline="always"
            renderRoot={(props) => (
              <Link {...props} to="/calls/$callId" params={{ callId: one.callId }} />
            )}
          >
            {dateTime(one.at)}
          </Anchor>
          {brief ? '' : `: ${partText(one)}`}
        </li>
      ))}
    </ul>
  );
}

const states = {
  'on-its-way': 'saved here, on its way to ServiceNow',
  attention: 'ServiceNow refused it: ask an administrator',
  'in-crm': '',
} as const;

function OpenedCase({ opened }: { opened: NonNullable<MissedCall['case']> }) {
  const { number, shortDescription, link, state } = opened;
  const name = number === '' ? 'New case' : number;
  return (
    <Text size="sm" component="div">
      Case{' '}
      {link === null ? (
        name
      ) : (
        <Anchor
          href={link}
          target="_blank"
          rel="noopener noreferrer"
          inherit
          title={shortDescription}
        >
          {name}
        </Anchor>
      )}
      {state !== 'in-crm' && `, ${states[state]}`}
    </Text>
  );
}
