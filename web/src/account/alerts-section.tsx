import { Alert, Button, Group, Slider, Stack, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { alertSettings, canAlert } from '../desk/alert-settings.ts';
import { startRinging } from '../desk/ring-sound.ts';
import { SectionCard } from '../ui/section-card.tsx';
import { useStoredValue } from '../ui/stored-value.ts';

/** Notifications and sound while nobody looks at Ringside. Kept in this browser, not in the account. */
export function AlertsSection() {
  const settings = useStoredValue(alertSettings);
  const [permission, setPermission] = useState(canAlert ? Notification.permission : 'denied');
  const change = (part: Partial<typeof settings>) => alertSettings.write({ ...settings, ...part });
  const turnOn = async () => {
    const answer = await Notification.requestPermission();
    setPermission(answer);
    change({ notifications: answer === 'granted' });
  };
  return (
    <SectionCard
      id="alerts"
      title="When a call rings and you do not see Ringside"
      lead="For this browser. Only while Ringside is open in a tab or window; several tabs tell you once."
    >
      <Stack gap="md">
        {!canAlert && (
          <Alert color="yellow" variant="light">
            This browser has notifications only for addresses that begin with https://. Ask your
            administrator for one.
          </Alert>
        )}
        <Switch
          label="Show a notification with the caller’s name"
          description="It goes away when the call is answered, here or by a colleague. A click on it opens the call."
          checked={settings.notifications === true && permission === 'granted'}
          disabled={!canAlert || permission === 'denied'}
          onChange={({ currentTarget }) =>
            currentTarget.checked ? void turnOn() : change({ notifications: false })
          }
        />
        {canAlert && permission === 'denied' && (
          <Text size="sm">
            This browser was told not to let Ringside show notifications. To change that, click the
            icon at the left of the address, allow notifications, and reload the page.
          </Text>
        )}
        <Switch
          label="Ring"
          description="A soft sound beside that of your phone. Browsers allow it once you have clicked anything in Ringside since you opened it."
          checked={settings.sound}
          disabled={!canAlert}
          onChange={({ currentTarget }) => change({ sound: currentTarget.checked })}
        />
        {settings.sound && (
          <Group gap="md">
            <Text size="sm" id="ring-volume">
              Volume
            </Text>
            <Slider
              aria-labelledby="ring-volume"
              thumbProps={{ 'aria-labelledby': 'ring-volume' }}
              flex="1 1 160px"
              maw={260}
              min={0.05}
              max={1}
              step={0.05}
              label={(value) => `${Math.round(value * 100)} %`}
              value={settings.volume}
              onChange={(volume) => change({ volume })}
            />
            <Button variant="default" size="xs" onClick={() => startRinging(settings.volume, 1)}>
              Try it
            </Button>
          </Group>
        )}
      </Stack>
    </SectionCard>
  );
}
