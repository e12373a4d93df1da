import { Alert, Button, Code, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useMe } from '../ui/use-me.ts';

/** Shown once: whoever loses the telephone comes in with one of them. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const { person } = useMe();
  const clipboard = useClipboard({ timeout: 3000 });
  const download = () => {
    const text = `Recovery codes of ${person.email} for ${window.location.host}\nEach works once.\n\n${codes.join('\n')}\n`;
    const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = 'ringside-recovery-codes.txt';
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Stack>
      <Alert color="yellow" variant="light" title="Keep these recovery codes">
        They are shown this once. If you lose your telephone, each of them lets you in one time.
      </Alert>
      <SimpleGrid
        cols={2}
        spacing="xs"
        component="ul"
        aria-label="Recovery codes"
        p={0}
        m={0}
        style={{ listStyle: 'none' }}
      >
        {codes.map((code) => (
          <li key={code}>
            <Code fz="sm">{code}</Code>
          </li>
        ))}
      </SimpleGrid>
      <Group>
        <Button variant="default" onClick={() => clipboard.copy(codes.join('\n'))}>
          <span aria-live="polite">{clipboard.copied ? 'Copied' : 'Copy'}</span>
        </Button>
        <Button variant="default" onClick={download}>
          Download
        </Button>
        <Button onClick={onDone} ml="auto">
          I have kept them
        </Button>
      </Group>
      {clipboard.error !== null && (
        <Text size="sm">This browser does not let Ringside copy: download them instead.</Text>
      )}
    </Stack>
  );
}
