import { createSpotlight, Spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { actions } from './shortcuts.ts';
import { Keys } from './shortcut-help.tsx';
import { useAvailableActions } from './use-shortcut.ts';
import '@mantine/spotlight/styles.css';

const [store, palette] = createSpotlight();

export const openPalette = palette.open;

/** Ctrl+K: everything that can be done just now, found by typing a few letters of it. */
export function CommandPalette() {
  const available = useAvailableActions();
  const shown = available.filter(
    ({ id }, place) =>
      !['command-palette', 'leave-field'].includes(id) &&
      available.findLastIndex((other) => other.id === id) === place,
  );
  return (
    <Spotlight
      store={store}
      shortcut={null}
      scrollable
      maxHeight={380}
      nothingFound="Nothing can be done by that name just now"
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden="true" />,
        placeholder: 'What do you want to do?',
        'aria-label': 'Command',
      }}
      actions={shown.map(({ id, run }) => ({
        id,
        label: actions[id].title,
        group: actions[id].group,
        onClick: run,
        rightSection: <Keys of={id} />,
      }))}
    />
  );
}
