import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { SectionCard } from '../ui/section-card.tsx';

const canRegister = 'registerProtocolHandler' in navigator;

/** Makes this browser bring `tel:` links of other pages to the Desk, which asks before it calls. */
export function TelephoneLinksSection() {
  const [asked, setAsked] = useState(false);
  const register = () => {
    navigator.registerProtocolHandler('tel', `${location.origin}/desk?call=%s`);
    setAsked(true);
  };
  return (
    <SectionCard
      id="telephone-links"
      title="Telephone links"
      lead="Numbers on web pages and in e-mails that can be clicked, also those in ServiceNow."
    >
      {canRegister ? (
        <Stack gap="sm" align="flex-start">
          <Text size="sm">
            Let this browser open them with Ringside: a click on a number then brings it to your
            Desk, which shows the number and whose it is, and asks before your phone rings. Nothing
            is ever dialled by itself.
          </Text>
          <Button onClick={register}>Open telephone links with Ringside</Button>
          {asked && (
            <Alert color="petrol" variant="light" role="status">
              Your browser asks you now, above or beside the address: allow it. If it asks nothing,
              it was decided before.
            </Alert>
          )}
          <Group gap={4}>
            <Text size="sm" c="dimmed">
              To undo it: in Chrome and Edge under Settings › Privacy and security › Site settings ›
              Protocol handlers; in Firefox under Settings › General › Applications › tel. If
              another program of this computer opens telephone links, make the browser the one that
              does in the computer’s settings for default apps.
            </Text>
          </Group>
        </Stack>
      ) : (
        <Text size="sm">
          This browser cannot hand telephone links to a web page (Safari cannot), or the address
          does not begin with https://. Chrome, Edge and Firefox can. Numbers inside Ringside can be
          called all the same.
        </Text>
      )}
    </SectionCard>
  );
}
