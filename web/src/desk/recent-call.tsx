import { CloseButton, UnstyledButton } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import type { Pop } from '../../../src/desk/contract.ts';
import { callerTitle, shownCandidate } from './desk-view.ts';
import { ago, durationOf, inWrapUp, stateText, wasMissed } from './wording.ts';
import { useServerNow } from './use-server-now.ts';
import classes from './recent-calls.module.css';

/** An earlier call in one line; opens to the whole pop. */
export function RecentCall(props: {
  pop: Pop;
  clockOffset: number;
  onOpen(): void;
  onDismiss(): void;
}) {
  const { pop } = props;
  const now = useServerNow(props.clockOffset, 30_000);
  const company =
    shownCandidate(pop)?.customer?.name ?? (shownCandidate(pop) === null ? pop.caller.display : '');
  const talked =
    pop.answeredAt === null || pop.endedAt === null
      ? ''
      : ` · ${durationOf(pop.answeredAt, Date.parse(pop.endedAt))}`;
  return (
    <li className={classes.row}>
      <UnstyledButton className={classes.rowButton} onClick={props.onOpen} aria-expanded={false}>
        <span className={classes.rowName}>{callerTitle(pop)}</span>
        <span className={classes.rowCompany}>{company === callerTitle(pop) ? '' : company}</span>
        <span className={classes.rowState} data-tone={wasMissed(pop) ? 'missed' : 'ended'}>
          {stateText(pop)}
          {talked}
          {inWrapUp(pop) && ' · Wrap-up'}
        </span>
        <span className={classes.rowAge}>{ago(pop.endedAt ?? pop.startedAt, now)}</span>
        <IconChevronDown size={16} aria-hidden="true" />
      </UnstyledButton>
      <CloseButton size="sm" aria-label={`Dismiss ${callerTitle(pop)}`} onClick={props.onDismiss} />
    </li>
  );
}
