import { Button, Group, Text } from '@mantine/core';
import { useStoredValue } from '../ui/stored-value.ts';
import { alertSettings, canAlert } from './alert-settings.ts';
import classes from './quiet-desk.module.css';

/** Asked once, while no call is on, before the browser asks: what a notification is for. */
export function AlertOffer() {
  const settings = useStoredValue(alertSettings);
  if (!canAlert || settings.notifications !== null || Notification.permission === 'denied')
    return null;
  const decide = (notifications: boolean) => alertSettings.write({ ...settings, notifications });
  const turnOn = async () => decide((await Notification.requestPermission()) === 'granted');
  return (
    <section className={classes.offer} aria-label="Notifications">
      <Text size="sm">
        Work in another tab meanwhile? A notification can tell you who is calling while you do not
        see this page. Your browser asks for your permission first.
      </Text>
      <Group gap="xs" justify="center">
        <Button size="xs" onClick={() => void turnOn()}>
          Turn on notifications
        </Button>
        <Button size="xs" variant="subtle" color="gray" onClick={() => decide(false)}>
          Not now
        </Button>
      </Group>
    </section>
  );
}
