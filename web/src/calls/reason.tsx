import { Anchor, Text } from '@mantine/core';
import type { Mend } from '../../../src/reports/contract.ts';

/** Why something came about, and what to do about it. */
export function Reason({ text, mend }: { text: string; mend: Mend | null }) {
  return (
    <div>
      <Text>{text}</Text>
      {mend !== null && (
        <Text size="sm" c="dimmed">
          {mend.to === null ? mend.text : <Anchor href={mend.to}>{mend.text}</Anchor>}
        </Text>
      )}
    </div>
  );
}
