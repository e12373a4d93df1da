import { Button, Loader } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDownload, IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { EmptyState } from '../ui/empty-state.tsx';
import { FilterBar, PeriodInput, SearchInput } from '../ui/filter-bar.tsx';
import { OlderButton } from '../ui/older-button.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { SectionCard } from '../ui/section-card.tsx';
import { AuditTable } from './audit-table.tsx';
import { sections } from './section-index.tsx';
import { auditPath, useAuditLog } from './use-audit-log.ts';
import type { AuditFilter } from './use-audit-log.ts';
import { useMissingPlan } from './use-call-handling.ts';

/** 'Audit log': who changed what when. */
export function AuditSection() {
  const [typed, setTyped] = useState<AuditFilter>({ q: '', from: '', to: '' });
  const [filter] = useDebouncedValue(typed, 250);
  const log = useAuditLog(filter);
  const missing = useMissingPlan('audit-export');
  const entries = log.data?.pages.flatMap((page) => page.entries) ?? [];
  const change = (fields: Partial<AuditFilter>) => setTyped((before) => ({ ...before, ...fields }));
  return (
    <SectionCard
      {...sections.find(({ id }) => id === 'audit-log')!}
      lead="Who changed what in this organization, and when. Passwords and other secrets are never written down."
      actions={
        missing === null ? (
          <Button
            component="a"
            href={auditPath('/api/v1/audit.csv', filter)}
            download
            variant="default"
            leftSection={<IconDownload size={18} aria-hidden="true" />}
          >
            Export
          </Button>
        ) : (
          <Button variant="default" disabled title={missing}>
            Export
          </Button>
        )
      }
    >
      <FilterBar mb="md">
        <SearchInput
          label="Search"
          placeholder="A person, an action, a subject"
          value={typed.q}
          onChange={(q) => change({ q })}
          width="17rem"
        />
        <PeriodInput from={typed.from} to={typed.to} onChange={change} />
      </FilterBar>
      {log.error !== null && (
        <ProblemAlert error={log.error} title="The audit log could not be loaded" />
      )}
      {log.isPending && <Loader size="sm" type="dots" aria-label="Loading the audit log" />}
      {log.data !== undefined && entries.length === 0 && (
        <EmptyState icon={<IconHistory size={24} />} title="Nothing found">
          No change fits what you look for. Widen the dates, or clear the search.
        </EmptyState>
      )}
      {entries.length > 0 && <AuditTable entries={entries} />}
      <OlderButton list={log}>Show older changes</OlderButton>
    </SectionCard>
  );
}
