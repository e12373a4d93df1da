import { Button, Text } from '@mantine/core';
import type { ConnectionRow, PersonRow } from '../../../src/organization/contract.ts';
import { CrmUserSelect } from './crm-user-select.tsx';
import classes from './people-table.module.css';
import { useForm } from './organization-context.ts';

interface CrmUserCellProps {
  person: PersonRow;
  connection: ConnectionRow;
  label: string;
}

/** The CRM user of a person in one CRM, and the offer of the one with the same e-mail address. */
export function CrmUserCell({ person, connection, label }: CrmUserCellProps) {
  const { set, errors, suggestions } = useForm();
  const path = `people.${person.id}.crmUsers.${connection.id}`;
  const user = person.crmUsers[connection.id] ?? null;
  const suggestion = suggestions[connection.id]?.get(person.id);
  return (
    <div>
      <CrmUserSelect
        connectionId={connection.id}
        title={label}
        personName={person.name}
        path={path}
        value={user}
        error={errors[path]}
        onSet={set}
      />
      {suggestion !== undefined && (
        <Button
          size="compact-xs"
          variant="light"
          radius="xl"
          mt={5}
          className={classes.suggestion}
          title={`Same e-mail address: ${suggestion.email}`}
          onClick={() => set(path, { ...suggestion, active: true })}
        >
          Suggested: {suggestion.name} – use
        </Button>
      )}
      {user !== null && !user.active && (
        <Text size="xs" mt={3} c="var(--ringside-warn)">
          Not an active user in {connection.title}
        </Text>
      )}
    </div>
  );
}
