import { Box, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { MantineSpacing } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './filter-bar.module.css';

/** What narrows a list: the search first, then the choices. */
export function FilterBar({ mb, children }: { mb?: MantineSpacing; children: ReactNode }) {
  return (
    <Box className={classes.bar} mb={mb}>
      {children}
    </Box>
  );
}

interface SearchInputProps {
  label?: string;
  /** With it alone it is called so. */
  placeholder?: string;
  value: string;
  onChange: (text: string) => void;
  /** In a wide window. */
  width?: string;
}

export function SearchInput({ label, placeholder, value, onChange, width }: SearchInputProps) {
  return (
    <TextInput
      label={label}
      aria-label={label === undefined ? placeholder : undefined}
      placeholder={placeholder}
      leftSection={<IconSearch size={16} aria-hidden="true" />}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      maxLength={100}
      miw={width}
    />
  );
}

interface PeriodInputProps {
  /** As a date input gives it; '' for none. */
  from: string;
  to: string;
  onChange: (change: { from: string } | { to: string }) => void;
}

/** The first and the last day. */
export function PeriodInput({ from, to, onChange }: PeriodInputProps) {
  return (
    <div className={classes.pair}>
      <TextInput
        type="date"
        label="From"
        value={from}
        onChange={(event) => onChange({ from: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label="To"
        value={to}
        onChange={(event) => onChange({ to: event.currentTarget.value })}
      />
    </div>
  );
}
