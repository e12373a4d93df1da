import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy, IconPhoneOutgoing } from '@tabler/icons-react';
import type { CallerNumber as Caller } from '../../../src/desk/contract.ts';
import { useDeskActions } from './desk-actions.ts';
import { countryOf, isMasked } from './wording.ts';
import classes from './caller-number.module.css';

/** A number as people write it, with its country; it can be copied, and called where a phone system can. */
export function CallerNumber({ caller, extension = '' }: { caller: Caller; extension?: string }) {
  const { call } = useDeskActions();
  if (caller.anonymous) return <p className={classes.number}>The number is withheld.</p>;
  const country = countryOf(caller.country);
  return (
    <p className={classes.number}>
      {/* The code and not a flag: Windows draws no flags. */}
      {country !== null && (
        <abbr className={classes.flag} title={country}>
          {caller.country}
        </abbr>
      )}
      <span className="tabular">
        {caller.display}
        {extension !== '' && ` ext. ${extension}`}
      </span>
      {!isMasked(caller) && (
        <CopyButton value={caller.e164 ?? caller.raw} timeout={1500}>
          {({ copied, copy }) => (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              onClick={copy}
              aria-label={copied ? 'Number copied' : `Copy ${caller.display}`}
            >
              {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
            </ActionIcon>
          )}
        </CopyButton>
      )}
      {call !== null && caller.e164 !== null && (
        <Tooltip label="Call this number">
          <ActionIcon
            variant="subtle"
            size="sm"
            onClick={() => call(caller)}
            aria-label={`Call ${caller.display}`}
          >
            <IconPhoneOutgoing size={15} />
          </ActionIcon>
        </Tooltip>
      )}
    </p>
  );
}
