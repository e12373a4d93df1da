import { Container, Group, Text, Title } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { setPageTitle } from './window-title.ts';

interface PageProps {
  title: string;
  lead?: ReactNode;
  /** Buttons at the right of the heading. */
  actions?: ReactNode;
  /** `wide` for tables and the Desk. */
  width?: 'text' | 'wide';
  children: ReactNode;
}

/** A page of the shell: sets the window's title and moves the focus to its heading, as a full page load would. */
export function Page({ title, lead, actions, width = 'text', children }: PageProps) {
  const heading = usePageTitle(title);
  return (
    <Container
      size={width === 'wide' ? 1320 : 760}
      px={{ base: 'md', sm: 'xl' }}
      py={{ base: 'lg', sm: 'xl' }}
    >
      <Group justify="space-between" align="flex-end" mb="lg" gap="sm">
        <div>
          <Title order={1} ref={heading} tabIndex={-1} data-page-heading>
            {title}
          </Title>
          {lead !== undefined && (
            <Text c="dimmed" mt={4}>
              {lead}
            </Text>
          )}
        </div>
        {actions}
      </Group>
      {children}
    </Container>
  );
}

/**
 * Names the window and gives the heading the focus once it is there, unless a field of the page took it: whoever signs in types at
 * once. Put the ref and tabIndex -1 on the h1.
 */
export function usePageTitle(title: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    setPageTitle(title);
  }, [title]);
  useEffect(() => {
    if (!hasFocusedField(heading.current)) heading.current?.focus({ preventScroll: true });
  }, []);
  return heading;
}

function hasFocusedField(heading: HTMLElement | null): boolean {
  const { activeElement } = document;
  return (
    activeElement?.matches('input') === true &&
    heading?.closest('main') === activeElement.closest('main')
  );
}
