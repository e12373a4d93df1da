import { Kbd, Modal, Text } from '@mantine/core';
import { actions } from './shortcuts.ts';
import type { ActionId } from './shortcuts.ts';
import { useAvailableActions } from './use-shortcut.ts';
import { isMac } from './use-shortcut-keys.ts';
import classes from './shortcut-help.module.css';

const ids = Object.keys(actions) as ActionId[];
const groups = [...new Set(ids.map((id) => actions[id].group))];

/** Every action with its keys; what cannot be done just now is dimmed. */
export function ShortcutHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const now = new Set(useAvailableActions().map(({ id }) => id));
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard" size="lg">
      <Text size="sm" c="dimmed" mb="md">
        {isMac
          ? 'Single letters work when you are not typing; Esc leaves the field you type in.'
          : 'Single letters work when you are not typing. While you type, hold Alt as well, or leave the field with Esc first.'}
      </Text>
      <div className={classes.groups}>
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h3 className={classes.title}>{group}</h3>
            <dl className={classes.list}>
              {ids
                .filter((id) => actions[id].group === group && actions[id].keys.length > 0)
                .map((id) => (
                  <div key={id} className={classes.row} data-available={now.has(id)}>
                    <dt>{actions[id].title}</dt>
                    <dd>
                      <Keys of={id} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}

/** The keys of an action, as they stand on the keyboard. */
export function Keys({ of }: { of: ActionId }) {
  return actions[of].keys.map((keys) => (
    <Kbd key={keys} size="xs">
      {keyText(keys)}
    </Kbd>
  ));
}

const names: Record<string, string> = {
  mod: isMac ? '⌘' : 'Ctrl',
  shift: 'Shift',
  Escape: 'Esc',
  Enter: 'Enter',
};

function keyText(keys: string): string {
  return keys
    .split('+')
    .map((key) => names[key] ?? key.toUpperCase())
    .join(' ');
}
