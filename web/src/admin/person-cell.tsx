import { Badge, Text } from '@mantine/core';
import type { PersonRow } from '../../../src/organization/contract.ts';
import { useForm } from './organization-context.ts';
import { InvitationState } from './invitation-state.tsx';
import { isLost, peopleFilters } from './people-order.ts';
import classes from './people-table.module.css';

/** Who a row is about. */
export function PersonCell({ person }: { person: PersonRow }) {
  const { edits, errors } = useForm();
  const prefix = `people.${person.id}.`;
  const path = `${prefix}active`;
  const edited = Object.keys(edits).some((key) => key.startsWith(prefix));
  return (
    <div className={classes.person} data-path={path} tabIndex={-1}>
      <Text size="sm" fw={600} component="div" className={classes.name}>
        {person.name}
        {edited && (
          <span
            className={classes.edited}
            title="Has unsaved changes"
            role="img"
            aria-label="unsaved"
          />
        )}
      </Text>
      <Text size="xs" c="dimmed" className={classes.email}>
        {person.email}
      </Text>
      {person.active && isLost(person) && (
        <Badge size="xs" variant="light" color="yellow" mt={2} mr={4}>
          {peopleFilters.lost}
        </Badge>
      )}
      {person.invited && person.active && <InvitationState person={person} />}
      {!person.active && (
        <Badge size="xs" variant="outline" color="gray" mt={2}>
          Inactive
        </Badge>
      )}
      {errors[path] !== undefined && (
        <Text size="xs" c="var(--mantine-color-error)">
          {errors[path]}
        </Text>
      )}
    </div>
  );
}
