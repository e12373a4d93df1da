import { Button, Group, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDownload, IconFileUpload, IconUserPlus, IconUsers } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { PersonRow } from '../../../src/organization/contract.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { SectionCard } from '../ui/section-card.tsx';
import { EmailMappingDialog } from './email-mapping-dialog.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { SecondFactorReset } from './second-factor-reset.tsx';
import { InvitationRenewal } from './invitation-renewal.tsx';
import { MappingsToolbar } from './mappings-toolbar.tsx';
import { useForm } from './organization-context.ts';
import { peopleFilters, visiblePeople } from './people-order.ts';
import type { PeopleFilter } from './people-order.ts';
import { peoplePerPage, PeopleTable } from './people-table.tsx';
import { PersonDialog } from './person-dialog.tsx';
import type { Reveal } from './reveal.ts';
import { SeenExtensions } from './seen-extensions.tsx';
import { sections } from './section-index.tsx';
import { SuggestionsNotice } from './suggestions-notice.tsx';

/** 'CRM User Mappings': who is who in the CRM, and on the phone. */
export function MappingsSection({ reveal }: { reveal: Reveal | null }) {
  const { view, draft } = useForm();
  const [search, setSearch] = useState('');
  const [filter, setFilter] = useState<PeopleFilter>('all');
  const [withInactive, setWithInactive] = useState(false);
  const [shown, setShown] = useState<Readonly<Record<string, boolean>>>({});
  const [page, setPage] = useState(0);
  const [opened, setOpened] = useState<'addition' | 'import' | 'mapping' | null>(null);
  const [renewing, setRenewing] = useState<PersonRow | null>(null);
  const [resetting, setResetting] = useState<PersonRow | null>(null);
  const [wanted] = useDebouncedValue(search.trim(), 120);

  const people = useMemo(
    () => visiblePeople(view, draft, { search: wanted, withInactive, filter }),
    [view, draft, wanted, withInactive, filter],
  );
  const lastPage = Math.max(0, Math.ceil(people.length / peoplePerPage) - 1);
  const show = (connectionId: string, on: boolean) =>
    setShown((before) => ({ ...before, [connectionId]: on }));

  const close = () => setOpened(null);

  const latest = useRef({ view, draft, withInactive });
  latest.current = { view, draft, withInactive };
  // Only a new wish moves the table, not every newer state of it.
  useEffect(() => {
    const [head, id, , connectionId] = reveal?.path.split('.') ?? [];
    if (head !== 'people') return;
    const now = latest.current;
    const inactive =
      now.withInactive || now.view.people.some((person) => person.id === id && !person.active);
    const rows = visiblePeople(now.view, now.draft, { search: '', withInactive: inactive });
    setSearch('');
    setFilter('all');
    setWithInactive(inactive);
    setPage(
      Math.floor(
        Math.max(
          0,
          rows.findIndex((person) => person.id === id),
        ) / peoplePerPage,
      ),
    );
    if (connectionId !== undefined) setShown((before) => ({ ...before, [connectionId]: true }));
  }, [reveal]);

  return (
    <SectionCard
      {...sections.find(({ id }) => id === 'crm-user-mappings')!}
      lead="A row per person. Whoever has an extension, a plan and a CRM user sees callers on the Desk. Fill in all rows, then Save once at the top."
      actions={
        <Group gap="xs">
          <Button
            component="a"
            href="/api/v1/people.csv"
            download
            variant="default"
            leftSection={<IconDownload size={18} aria-hidden="true" />}
            title="Everybody as they are saved, as CSV"
          >
            Export
          </Button>
          <Button
            variant="default"
            leftSection={<IconFileUpload size={18} aria-hidden="true" />}
            onClick={() => setOpened('import')}
          >
            Import
          </Button>
          <Button
            variant="default"
            leftSection={<IconUserPlus size={18} aria-hidden="true" />}
            onClick={() => setOpened('addition')}
          >
            Add person
          </Button>
        </Group>
      }
    >
      <MappingsToolbar
        search={search}
        onSearch={(text) => {
          setSearch(text);
          setPage(0);
        }}
        filter={filter}
        onFilter={(value) => {
          setFilter(value);
          setPage(0);
        }}
        withInactive={withInactive}
        onWithInactive={setWithInactive}
        shown={shown}
        onShow={show}
        onMapByEmail={() => setOpened('mapping')}
      />
      <SuggestionsNotice shown={shown} onShow={show} />
      {people.length > 0 ? (
        <PeopleTable
          people={people}
          connections={view.connections}
          shown={shown}
          page={Math.min(page, lastPage)}
          onPage={setPage}
          onNewLink={setRenewing}
          onReset={setResetting}
        />
      ) : (
        <EmptyState icon={<IconUsers size={24} />} title="Nobody found">
          {wanted === '' && filter === 'all'
            ? 'Add the people who take calls.'
            : `Nobody here fits${wanted === '' ? '' : ` ‘${wanted}’`}${filter === 'all' ? '' : ` among ‘${peopleFilters[filter]}’`}.`}
        </EmptyState>
      )}
      {view.people.length === 1 && wanted === '' && (
        <Text size="sm" c="dimmed" mt="md">
          Only you so far: add the people who take calls with ‘Add person’, or import them from a
          CSV file.
        </Text>
      )}
      <SeenExtensions />
      <PersonDialog opened={opened === 'addition'} onClose={close} />
      {opened === 'import' && <ImportDialog onClose={close} />}
      {opened === 'mapping' && (
        <EmailMappingDialog onClose={close} onMapped={(id) => show(id, true)} />
      )}
      {renewing !== null && (
        <InvitationRenewal person={renewing} onClose={() => setRenewing(null)} />
      )}
      {resetting !== null && (
        <SecondFactorReset person={resetting} onClose={() => setResetting(null)} />
      )}
    </SectionCard>
  );
}
