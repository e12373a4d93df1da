import { Group, Loader, Select, Text } from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { IconCheck } from '@tabler/icons-react';
import { memo, useState } from 'react';
import type { CrmUserOption } from '../../../src/organization/contract.ts';
import { asProblem } from '../ui/problem.ts';
import type { CrmUserRef } from './edits.ts';
import { useCrmUsers } from './use-crm-users.ts';

interface CrmUserSelectProps {
  connectionId: string;
  /** Name of the CRM on the screen. */
  title: string;
  personName: string;
  path: string;
  value: CrmUserRef | null;
  error: string | undefined;
  onSet: (path: string, value: CrmUserRef | null) => void;
}

/** Drop-down of the pulled CRM users, searched on the server. */
export const CrmUserSelect = memo(function CrmUserSelect(props: CrmUserSelectProps) {
  const { connectionId, title, personName, path, value, error, onSet } = props;
  const [opened, { open, close }] = useDisclosure(false);
  const [typed, setTyped] = useState('');
  // Before anything is typed the box holds the name of the chosen user, which is not a search.
  const [search] = useDebouncedValue(typed === value?.name ? '' : typed.trim(), 200);
  const found = useCrmUsers(connectionId, search, opened);
  const options = new Map((found.data ?? []).map((user) => [user.id, user]));
  if (value !== null && !options.has(value.id)) options.set(value.id, { ...value, userName: '' });
  return (
    <Select
      aria-label={`${title} user of ${personName}`}
      placeholder="Not mapped"
      data={[...options.values()].map(({ id, name }) => ({ value: id, label: name }))}
      filter={({ options: all }) => all}
      renderOption={({ option, checked }) => (
        <Option user={options.get(option.value)} checked={checked === true} />
      )}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': `Unmap ${personName}` }}
      value={value?.id ?? null}
      onChange={(id: string | null) => {
        const user = id === null ? undefined : options.get(id);
        onSet(path, user === undefined ? null : refOf(user));
      }}
      onSearchChange={setTyped}
      onDropdownOpen={open}
      onDropdownClose={close}
      nothingFoundMessage={emptyText(found, search, title)}
      rightSection={opened && found.isFetching ? <Loader size={14} /> : undefined}
      error={error}
      data-path={path}
      size="xs"
      comboboxProps={{ width: 300, position: 'bottom-end' }}
      maxDropdownHeight={280}
    />
  );
});

function Option({ user, checked }: { user: CrmUserOption | undefined; checked: boolean }) {
  if (user === undefined) return null;
  const facts = [user.userName, user.email, user.active ? '' : 'inactive'].filter(
    (fact) => fact !== '',
  );
  return (
    <Group wrap="nowrap" gap="xs" justify="space-between" w="100%">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" truncate>
          {user.name}
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {facts.join(' · ')}
        </Text>
      </div>
      {checked && <IconCheck size={15} aria-hidden="true" />}
    </Group>
  );
}

function emptyText(found: ReturnType<typeof useCrmUsers>, search: string, title: string): string {
  if (found.isError) return asProblem(found.error).detail;
  if (found.isPending) return 'Searching …';
  return search === ''
    ? `No users were pulled from ${title} yet: run Systems Check.`
    : `No ${title} user matches.`;
}

function refOf({ id, name, email, active }: CrmUserOption): CrmUserRef {
  return { id, name, email, active };
}
