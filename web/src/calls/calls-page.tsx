import { Button, Group, Loader, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDownload, IconHistory, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { MissingSeat } from '../desk/missing-seat.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
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
  const setField = (field: keyof CallsFilter) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setTyped((before) => ({ ...before, [field]: value }));
  };
  const pick = (label: string, field: keyof CallsFilter, options: Choice[]) => (
    <NativeSelect
      label={label}
      value={typed[field]}
      onChange={setField(field)}
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
      <Group gap="md" mb="md" align="flex-end">
        <TextInput
          label="Search"
          placeholder="A number or a name"
          leftSection={<IconSearch size={16} aria-hidden="true" />}
          value={typed.q}
          onChange={setField('q')}
          maxLength={100}
        />
        <NativeSelect
          label="Whose"
          value={typed.scope || (filters?.scopes.at(-1) ?? '')}
          onChange={setField('scope')}
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
        <TextInput type="date" label="From" value={typed.from} onChange={setField('from')} />
        <TextInput type="date" label="To" value={typed.to} onChange={setField('to')} />
      </Group>
      {list.error !== null && <ProblemAlert error={list.error} title="Calls could not be loaded" />}
      {list.isPending && <Loader size="sm" type="dots" aria-label="Loading calls" />}
      {list.data !== undefined && calls.length === 0 && (
        <EmptyState icon={<IconHistory size={24} />} title="No calls found">
          No call fits what you look for. Widen the dates, or clear the search. Calls appear here as
          soon as a phone system tells of them.
        </EmptyState>
      )}
      {calls.length > 0 && <CallTable calls={calls} />}
      <OlderButton list={list}>Show older calls</OlderButton>
    </Page>
  );
}

interface Choice {
  value: string;
  label: string;
}
