import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useStoredValue } from '../ui/stored-value.ts';
import { CommandPalette, openPalette } from './command-palette.tsx';
import { useDeskActions } from './desk-actions.ts';
import { lastDialled } from './last-dialled.ts';
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
  useDialling();
  const navigate = useNavigate();
  const toAccount = (hash: string) => void navigate({ to: '/account', hash });
  useShortcut('alerts', () => toAccount('alerts'));
  useShortcut('telephone-links', () => toAccount('telephone-links'));
  return (
    <>
      <CommandPalette />
      <ShortcutHelp opened={help} onClose={close} />
    </>
  );
}

function useDialling(): void {
  const { call } = useDeskActions();
  const last = useStoredValue(lastDialled);
  useShortcut('dial', openPalette, call !== null, 'Type it here');
  useShortcut(
    'redial',
    () => call?.(last?.number ?? ''),
    call !== null && last !== null,
    last?.name ?? '',
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
