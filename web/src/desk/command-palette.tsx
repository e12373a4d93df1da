import { createSpotlight, Spotlight } from '@mantine/spotlight';
import type { SpotlightActionData } from '@mantine/spotlight';
import { IconPhoneOutgoing, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useDeskActions } from './desk-actions.ts';
import { actions } from './shortcuts.ts';
import type { ActionId } from './shortcuts.ts';
import { Keys } from './shortcut-help.tsx';
import { useAvailableActions } from './use-shortcut.ts';
import '@mantine/spotlight/styles.css';

const [store, palette] = createSpotlight();

export const openPalette = palette.open;

/** Ctrl+K: everything that can be done just now, found by typing a few letters of it; a number that is typed can be called. */
export function CommandPalette() {
  const [query, setQuery] = useState('');
  const { call } = useDeskActions();
  const commands = useCommands();
  const dial: SpotlightActionData[] =
    call !== null && isNumber(query)
      ? [
          {
            id: 'dial-number',
            label: `Call ${query.trim()}`,
            leftSection: <IconPhoneOutgoing size={18} aria-hidden="true" />,
            onClick: () => call(query.trim()),
          },
        ]
      : [];
  return (
    <Spotlight
      store={store}
      shortcut={null}
      attributes={{ content: { 'aria-label': 'Command palette' } }}
      query={query}
      onQueryChange={setQuery}
      scrollable
      maxHeight={420}
      nothingFound="Nothing can be done by that name just now"
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden="true" />,
        placeholder: call === null ? 'What do you want to do?' : 'A command, or a number to call',
        'aria-label': 'Command',
      }}
      actions={[...dial, ...commands]}
    />
  );
}

const ids = Object.keys(actions) as ActionId[];
/** Mantine's pop-ups give the focus back 10 ms after they closed (use-focus-return). */
const focusReturnMs = 30;

/** What can be done just now, in the order of the help. Of two offers of an action the last counts. */
function useCommands(): SpotlightActionData[] {
  const available = useAvailableActions();
  return ids.flatMap((id) => {
    const offer = available.findLast((other) => other.id === id);
    if (offer === undefined || id === 'command-palette' || id === 'leave-field') return [];
    const { detail, run } = offer;
    return {
      id,
      label: actions[id].title,
      group: actions[id].group,
      ...(detail === '' ? {} : { description: detail }),
      // When it closes the palette gives the focus back; a command that puts it elsewhere comes after that.
      onClick: () => window.setTimeout(run, focusReturnMs),
      rightSection: <Keys of={id} />,
    };
  });
}

/** At least two digits and nothing that is no part of a number. */
function isNumber(text: string): boolean {
  return /^[+\d\s()./*#-]{2,40}$/.test(text) && (text.match(/\d/g)?.length ?? 0) >= 2;
}
