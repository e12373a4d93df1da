import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { ListedWrite } from '../../../src/desk/mend-contract.ts';
import { Ago } from '../ui/ago.tsx';
import classes from './write-list.module.css';
import { WriteMending } from './write-mending.tsx';

/** Writes with what became of them; those that need attention can be mended. */
export function WriteList({ writes, names }: { writes: readonly ListedWrite[]; names: boolean }) {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <>
      <ul className={classes.list}>
        {writes.map((write) => (
          <li key={write.id} className={classes.write} data-state={write.state}>
            <div className={classes.text}>
              <Text size="sm" fw={600}>
                {write.subject}
              </Text>
              <Text size="xs" c="dimmed">
                {names && `${write.person}, `}
                <Ago time={write.at} />
                {write.state !== 'attention' && ' · saved here, on its way'}
              </Text>
              {write.reason !== null && (
                <Text size="sm">
                  {write.reason} {write.fix}
                </Text>
              )}
            </div>
            {write.state === 'attention' && (
              <Group gap="xs">
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Mend ${write.subject}`}
                  onClick={() => setOpen(write.id)}
                >
                  Mend
                </Button>
              </Group>
            )}
          </li>
        ))}
      </ul>
      {open !== null && <WriteMending id={open} onClose={() => setOpen(null)} />}
    </>
  );
}
