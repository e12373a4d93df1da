import { Alert, Anchor, Button, List, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { count } from '../ui/moment.ts';
import { pathLabel } from './edit-summary.ts';
import { useForm } from './organization-context.ts';

/** More than anybody reads at once. */
const most = 12;

/** Why Save did not go through: every wrong field with a way to it. Takes the focus when it appears. */
export function RefusalNotice({ onReveal }: { onReveal: (path: string) => void }) {
  const { refusal, errors, view, reload } = useForm();
  const box = useRef<HTMLDivElement>(null);
  const shown = refusal !== null;
  useEffect(() => {
    if (!shown) return;
    box.current?.focus();
    box.current?.scrollIntoView({ block: 'center' });
  }, [shown]);
  if (refusal === null) return null;
  const { problem } = refusal;
  const entries = Object.entries(errors);
  // Everything it named has been mended since.
  if (entries.length === 0 && (problem === null || problem.errors.length > 0)) return null;
  return (
    <Alert
      ref={box}
      tabIndex={-1}
      role="alert"
      color="red"
      variant="light"
      mb="md"
      icon={<IconAlertTriangle aria-hidden="true" />}
      title="Not saved"
    >
      {problem !== null && (
        <Text size="sm">
          {problem.detail} {problem.fix}
        </Text>
      )}
      {entries.length > 0 && (
        <List size="sm" mt={problem === null ? 0 : 'xs'}>
          {entries.slice(0, most).map(([path, message]) => (
            <List.Item key={path}>
              <Anchor component="button" type="button" size="sm" onClick={() => onReveal(path)}>
                {pathLabel(view, path)}
              </Anchor>
              : {message}
            </List.Item>
          ))}
          {entries.length > most && <List.Item>and {count(entries.length - most)} more</List.Item>}
        </List>
      )}
      {problem?.status === 401 && (
        <Text size="sm" mt={4}>
          <Anchor href="/sign-in" target="_blank" rel="noopener" size="sm">
            Sign in in another tab
          </Anchor>
          , come back here and Save again: your edits stay as long as this page is open.
        </Text>
      )}
      {problem?.code === 'conflict' && problem.errors.length === 0 && (
        <Button size="xs" mt="sm" onClick={() => void reload()}>
          Load the current state, keep my edits
        </Button>
      )}
    </Alert>
  );
}
