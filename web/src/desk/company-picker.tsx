import { Button, Group, Input, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { DirectorySearch } from './directory-search.tsx';
import type { SearchExtra } from './directory-search.tsx';

/** A company that is there, or one to be made. */
export type PickedCompany = { key: string; name: string } | { key: null; name: string };

interface CompanyPickerProps {
  company: PickedCompany | null;
  onChange(company: PickedCompany | null): void;
  /** What is typed and not picked. */
  text: string;
  onText(text: string): void;
  error?: ReactNode;
  /** Why the CRM did not let the last company be made; null: it did. */
  refused: string | null;
}

const kinds = ['customer'] as const;
const words = { nobody: 'No company', advice: 'Try fewer letters, or create it.' };

/** Finds the company that a new contact works for, or has it made. */
export function CompanyPicker({
  company,
  onChange,
  text,
  onText,
  error,
  refused,
}: CompanyPickerProps) {
  const name = text.trim();
  if (company !== null)
    return (
      <Input.Wrapper label="Company" error={error} labelElement="div">
        <Group gap="xs" wrap="nowrap" align="baseline">
          <Text style={{ overflowWrap: 'anywhere' }}>
            {company.key === null ? `${company.name} (new)` : company.name}
          </Text>
          <Button variant="subtle" size="compact-sm" onClick={() => onChange(null)}>
            Change
          </Button>
        </Group>
        {company.key === null && refused !== null && (
          <Text size="sm" c="dimmed">
            ServiceNow refused to make the last one: {refused}
          </Text>
        )}
      </Input.Wrapper>
    );
  const extras: SearchExtra[] =
    name === ''
      ? []
      : [
          {
            id: 'new',
            label: `Create company “${name}”`,
            run: () => onChange({ key: null, name }),
          },
        ];
  return (
    <DirectorySearch
      label="Company"
      placeholder="Name of the company"
      words={words}
      kinds={kinds}
      text={text}
      onText={onText}
      onPick={(found) => onChange({ key: found.key, name: found.name })}
      extras={extras}
      error={error}
    />
  );
}
