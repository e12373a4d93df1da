import { Button, Group, NativeSelect, Switch, Text } from '@mantine/core';
import { IconMailCheck } from '@tabler/icons-react';
import { FilterBar, SearchInput } from '../ui/filter-bar.tsx';
import { count } from '../ui/moment.ts';
import { useForm } from './organization-context.ts';
import { peopleFilters } from './people-order.ts';
import type { PeopleFilter } from './people-order.ts';
import { PlatformIcon } from './platform-icon.tsx';
import { connectionLabel } from './connection-label.ts';

interface MappingsToolbarProps {
  search: string;
  onSearch: (text: string) => void;
  filter: PeopleFilter;
  onFilter: (filter: PeopleFilter) => void;
  withInactive: boolean;
  onWithInactive: (on: boolean) => void;
  shown: Readonly<Record<string, boolean>>;
  onShow: (connectionId: string, on: boolean) => void;
  onMapByEmail: () => void;
}

/** Search, filter, inactive people, and an icon per CRM that opens its column. */
export function MappingsToolbar(props: MappingsToolbarProps) {
  const { search, onSearch, filter, onFilter, withInactive, onWithInactive, shown, onShow } = props;
  const { view, draft } = useForm();
  const active = draft.people.filter((person) => person.active);
  const inactive = view.people.length - view.people.filter((person) => person.active).length;
  return (
    <Group gap="md" mb="md" justify="space-between">
      <FilterBar>
        <SearchInput placeholder="Search people" value={search} onChange={onSearch} width="14rem" />
        <NativeSelect
          aria-label="Show of these"
          data={Object.entries(peopleFilters).map(([value, label]) => ({ value, label }))}
          value={filter}
          onChange={(event) => onFilter(event.currentTarget.value as PeopleFilter)}
          size="sm"
        />
        {inactive > 0 && (
          <Switch
            label={`Show inactive (${count(inactive)})`}
            checked={withInactive}
            onChange={(event) => onWithInactive(event.currentTarget.checked)}
          />
        )}
      </FilterBar>
      <Group gap="xs" role="group" aria-label="CRM columns">
        {view.connections.length === 0 && (
          <Text size="sm" c="dimmed">
            Connect a CRM above to map people to its users.
          </Text>
        )}
        {view.connections.map((connection) => {
          const mapped = active.filter((person) => person.crmUsers[connection.id] != null).length;
          const on = shown[connection.id] === true;
          const label = connectionLabel(connection, view.connections);
          return (
            <Button
              key={connection.id}
              size="sm"
              variant={on ? 'light' : 'default'}
              leftSection={<PlatformIcon platform={connection.platform} />}
              aria-pressed={on}
              title={on ? `Hide the column of ${label}` : `Show the column of ${label}`}
              onClick={() => onShow(connection.id, !on)}
            >
              {label}
              <Text span size="xs" ml={8} fw={400} className="tabular">
                {count(mapped)} of {count(active.length)} mapped
              </Text>
            </Button>
          );
        })}
        {view.connections.length > 0 && (
          <Button
            size="sm"
            variant="default"
            leftSection={<IconMailCheck size={18} aria-hidden="true" />}
            onClick={props.onMapByEmail}
          >
            Map by e-mail
          </Button>
        )}
      </Group>
    </Group>
  );
}
