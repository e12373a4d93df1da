import { Button, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconBuildingCommunity, IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { OperatedOrganization } from '../../../src/organization/operator-contract.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Page } from '../ui/page.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { SectionCard } from '../ui/section-card.tsx';
import { FirstInvitation } from './first-invitation.tsx';
import { OrganizationDialog } from './organization-dialog.tsx';
import { OrganizationTable } from './organization-table.tsx';
import type { OrganizationAction } from './organization-table.tsx';
import { SeatsDialog } from './seats-dialog.tsx';
import { Suspension } from './suspension.tsx';
import { useOrganizationChanges, useOrganizations } from './use-organizations.ts';

type Open = { what: 'seats' | 'suspend'; organization: OperatedOrganization } | 'add' | null;

/** Administration > Organizations, for operators: who is served by this hub, and with how many seats. */
export function OrganizationsPage() {
  const { data, error } = useOrganizations();
  const { suspend, invite } = useOrganizationChanges();
  const [open, setOpen] = useState<Open>(null);
  const [search, setSearch] = useState('');
  const close = () => setOpen(null);
  const act = (action: OrganizationAction, organization: OperatedOrganization) => {
    const { id } = organization;
    if (action === 'invite') invite.mutate(id);
    else if (action === 'resume') suspend.mutate({ id, suspended: false });
    else setOpen({ what: action, organization });
  };
  const all = data?.organizations ?? [];
  const wanted = search.trim().toLowerCase();
  const found = all.filter(({ name }) => name.toLowerCase().includes(wanted));
  return (
    <Page title="Organizations" width="wide">
      <SectionCard
        title="Who is served by this hub"
        lead="You create organizations and give them seats. What they hold, calls, people, contacts, settings, you do not see."
        actions={
          <Button
            leftSection={<IconPlus size={18} aria-hidden="true" />}
            onClick={() => setOpen('add')}
          >
            Add organization
          </Button>
        }
      >
        <Stack>
          {error !== null && (
            <ProblemAlert error={error} title="The organizations could not be loaded" />
          )}
          {[suspend, invite].map(
            (one, index) =>
              one.isError && (
                <ProblemAlert key={index === 0 ? 'resume' : 'invite'} error={one.error} />
              ),
          )}
          {all.length > 1 && (
            <TextInput
              aria-label="Search organizations"
              placeholder="Search organizations"
              leftSection={<IconSearch size={16} aria-hidden="true" />}
              maw={280}
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
            />
          )}
          {found.length > 0 && <OrganizationTable organizations={found} onAct={act} />}
          {data !== undefined && found.length === 0 && (
            <EmptyState icon={<IconBuildingCommunity size={24} />} title="Nothing found">
              No organization here is called ‘{search.trim()}’.
            </EmptyState>
          )}
          {all.length === 1 && (
            <EmptyState
              icon={<IconBuildingCommunity size={24} />}
              title="Only your own organization so far"
            >
              Add the first one that you serve: its name, its seats, and who administers it. They
              get a link and set up the rest themselves.
            </EmptyState>
          )}
          {data === undefined && error === null && (
            <Text size="sm" c="dimmed" role="status">
              Loading …
            </Text>
          )}
        </Stack>
      </SectionCard>
      {open === 'add' && <OrganizationDialog onClose={close} />}
      {open !== null && open !== 'add' && open.what === 'seats' && (
        <SeatsDialog organization={open.organization} onClose={close} />
      )}
      {open !== null && open !== 'add' && open.what === 'suspend' && (
        <Suspension organization={open.organization} onClose={close} />
      )}
      {invite.data !== undefined && (
        <Modal
          opened
          onClose={() => invite.reset()}
          closeOnClickOutside={false}
          title={`New invitation for ${invite.data.name}`}
        >
          <FirstInvitation invited={invite.data} onClose={() => invite.reset()} />
        </Modal>
      )}
    </Page>
  );
}
