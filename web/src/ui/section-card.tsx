import { Group, Paper, Text, Title } from '@mantine/core';
import { useId } from 'react';
import type { ReactNode } from 'react';
import classes from './section-card.module.css';

interface SectionCardProps {
  /** Anchor of the section, and of links to it. */
  id?: string;
  title: string;
  lead?: ReactNode;
  /** Buttons at the right of the heading. */
  actions?: ReactNode;
  children: ReactNode;
}

/** One section of a page: a landmark with its heading. */
export function SectionCard({ id, title, lead, actions, children }: SectionCardProps) {
  const heading = useId();
  return (
    <Paper
      component="section"
      id={id}
      aria-labelledby={heading}
      className={classes.card}
      withBorder
      radius="lg"
    >
      <Group justify="space-between" align="flex-start" gap="sm" mb="lg">
        <div className={classes.titles}>
          <Title order={2} id={heading} tabIndex={-1} data-page-heading>
            {title}
          </Title>
          {lead !== undefined && (
            <Text c="dimmed" size="sm" mt={2}>
              {lead}
            </Text>
          )}
        </div>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Paper>
  );
}
