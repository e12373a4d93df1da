import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** A figure under its title, for rows of figures. */
export function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {title}
      </Text>
      <Text size="sm" fw={600} className="tabular">
        {children}
      </Text>
    </div>
  );
}
