import { Paper, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { ColorSchemeToggle } from '../ui/color-scheme-toggle.tsx';
import { Logo } from '../ui/logo.tsx';
import { usePageTitle } from '../ui/page.tsx';
import classes from './entry-card.module.css';

interface EntryCardProps {
  title: string;
  lead: ReactNode;
  children: ReactNode;
}

/** The frame of the pages before signing in. */
export function EntryCard({ title, lead, children }: EntryCardProps) {
  const heading = usePageTitle(title);
  return (
    <div className={classes.page}>
      <Rings />
      <header className={classes.top}>
        <span className={classes.brand}>
          <Logo size={32} /> Ringside
        </span>
        <ColorSchemeToggle />
      </header>
      <main className={classes.main}>
        <Paper className={classes.card} withBorder shadow="sm" radius="lg">
          <Title
            order={1}
            size="h2"
            fz={{ base: '1.35rem', xs: '1.5rem' }}
            ref={heading}
            tabIndex={-1}
            data-page-heading
          >
            {title}
          </Title>
          <Text c="dimmed" mt={6} mb="lg">
            {lead}
          </Text>
          {children}
        </Paper>
      </main>
    </div>
  );
}

/** The logo's rings, large and faint, going out from behind the card. */
function Rings() {
  return (
    <svg
      className={classes.rings}
      viewBox="0 0 1200 1200"
      fill="none"
      aria-hidden="true"
      focusable="false"
    >
      {[170, 290, 410, 530].map((radius) => (
        <circle key={radius} cx="600" cy="600" r={radius} stroke="currentColor" strokeWidth="44" />
      ))}
    </svg>
  );
}
