import { Button, Loader, NativeSelect } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDownload, IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { MissingSeat } from '../desk/missing-seat.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { FilterBar, PeriodInput, SearchInput } from '../ui/filter-bar.tsx';
import { OlderButton } from '../ui/older-button.tsx';
import { Page } from '../ui/page.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { ownTimeZone } from '../ui/time-zone.ts';
import { CallTable } from './call-table.tsx';
import { anyCall, callsPath, useCallFilters, useCalls, useSeesCalls } from './use-calls.ts';
import type { CallsFilter } from './use-calls.ts';
import { directionNames, resultNames, scopeNames } from './wording.ts';

/** The history of calls. */
export function CallsPage() {
  const [typed, setTyped] = useState<CallsFilter>(anyCall);
  const [filter] = useDebouncedValue(typed, 250);
  const allowed = useSeesCalls();
  const list = useCalls(filter, allowed);
  const filters = useCallFilters(allowed).data;
  const pages = list.data?.pages ?? [];
  const calls = [...(pages[0]?.running ?? []), ...pages.flatMap((page) => page.calls)];
  const change = (fields: Partial<CallsFilter>) => setTyped((before) => ({ ...before, ...fields }));
  const pick = (label: string, field: keyof CallsFilter, options: Choice[]) => (
    <NativeSelect
      label={label}
      value={typed[field]}
      onChange={(event) => change({ [field]: event.currentTarget.value })}
      data={[{ value: '', label: 'Any' }, ...options]}
    />
  );
  if (!allowed)
    return (
      <Page title="Calls">
        <MissingSeat feature="history" title="Calls need" what="The history of calls is" />
      </Page>
    );
  return (
    <Page
      title="Calls"
      width="wide"
      actions={
        filters?.canExport === true && (
          <Button
            component="a"
            href={callsPath('/api/v1/calls.csv', filter, { timeZone: ownTimeZone() })}
            download
            variant="default"
            leftSection={<IconDownload size={18} aria-hidden="true" />}
          >
            Export
          </Button>
        )
      }
    >
      <FilterBar mb="md">
        <SearchInput
          label="Search"
          placeholder="A number or a name"
          value={typed.q}
          onChange={(q) => change({ q })}
        />
        <NativeSelect
          label="Whose"
          value={typed.scope || (filters?.scopes.at(-1) ?? '')}
          onChange={(event) => change({ scope: event.currentTarget.value })}
          data={(filters?.scopes ?? []).map((value) => ({ value, label: scopeNames[value] }))}
        />
        {pick('Direction', 'direction', directionNames)}
        {pick('Result', 'results', resultNames)}
        {pick(
          'Queue',
          'queue',
          (filters?.queues ?? []).map((name) => ({ value: name, label: name })),
        )}
        {(filters?.teams.length ?? 0) > 0 &&
          pick(
            'Team',
            'teamId',
            filters!.teams.map(({ id, name }) => ({ value: id, label: name })),
          )}
        {(filters?.people.length ?? 0) > 0 &&
          pick(
            'Person',
            'personId',
            filters!.people.map(({ id, name }) => ({ value: id, label: name })),
          )}
        <PeriodInput from={typed.from} to={typed.to} onChange={change} />
      </FilterBar>
      {list.error !== null && <ProblemAlert error={list.error} title="Calls could not be loaded" />}
      {list.isPending && <Loader size="sm" type="dots" aria-label="Loading calls" />}
      {list.data !== undefined && calls.length === 0 && (
        <NoCalls narrowed={Object.values(filter).some((value) => value !== '')} />
      )}
      {calls.length > 0 && <CallTable calls={calls} />}
      <OlderButton list={list}>Show older calls</OlderButton>
    </Page>
  );
}

function NoCalls({ narrowed }: { narrowed: boolean }) {
  return narrowed ? (
    <EmptyState icon={<IconHistory size={24} />} title="No calls found">
      No call fits what you look for. Widen the dates, or clear the search.
    </EmptyState>
  ) : (
    <EmptyState icon={<IconHistory size={24} />} title="No calls yet">
      Each call appears here as soon as your phone system tells of it.
    </EmptyState>
  );
}

interface Choice {
  value: string;
  label: string;
}
