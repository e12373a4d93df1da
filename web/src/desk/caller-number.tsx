import { ActionIcon, Button, CopyButton } from '@mantine/core';
import { IconCheck, IconCopy, IconPhoneOutgoing } from '@tabler/icons-react';
import type { CallerNumber as Caller } from '../../../src/desk/contract.ts';
import { countryOf } from './wording.ts';
import classes from './caller-number.module.css';

interface CallerNumberProps {
  caller: Caller;
  /** Calls the number; null: not now. */
  onCall: ((caller: Caller) => void) | null;
}

/** The number as people write it, its country, and a button that copies it. */
export function CallerNumber({ caller, onCall }: CallerNumberProps) {
  if (caller.anonymous) return <p className={classes.number}>The number is withheld.</p>;
  const country = countryOf(caller.country);
  return (
    <p className={classes.number}>
      {/* The code and not a flag: Windows draws no flags. */}
      {country !== null && (
        <span className={classes.flag} aria-hidden="true">
          {caller.country}
        </span>
      )}
      <span className="tabular">{caller.display}</span>
      {country !== null && <span className={classes.country}>{country}</span>}
      <CopyButton value={caller.e164 ?? caller.raw} timeout={1500}>
        {({ copied, copy }) => (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            onClick={copy}
            aria-label={copied ? 'Number copied' : 'Copy the number'}
          >
            {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
          </ActionIcon>
        )}
      </CopyButton>
      {onCall !== null && caller.e164 !== null && (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPhoneOutgoing size={15} aria-hidden="true" />}
          onClick={() => onCall(caller)}
          aria-label={`Call ${caller.display}`}
        >
          Call
        </Button>
      )}
    </p>
  );
}
