import { useDisclosure } from '@mantine/hooks';
import { CommandPalette, openPalette } from './command-palette.tsx';
import { ShortcutHelp } from './shortcut-help.tsx';
import { useShortcut } from './use-shortcut.ts';
import { useShortcutKeys } from './use-shortcut-keys.ts';

/** What makes the Desk usable without a mouse: the keys, the command palette and the help. Once per page. */
export function ShortcutsLayer() {
  const [help, { open, close }] = useDisclosure(false);
  useShortcutKeys();
  useShortcut('help', open);
  useShortcut('command-palette', openPalette);
  useShortcut('leave-field', leaveField);
  return (
    <>
      <CommandPalette />
      <ShortcutHelp opened={help} onClose={close} />
    </>
  );
}

/** To the call that the field belongs to, so that Tab goes on from there. */
function leaveField(): void {
  const field = document.activeElement;
  if (!(field instanceof HTMLElement)) return;
  const home = field.closest<HTMLElement>('article[tabindex], [data-page-heading]');
  if (home === null) field.blur();
  else home.focus({ preventScroll: true });
}
