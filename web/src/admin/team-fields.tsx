import { Button, Group, MultiSelect, SimpleGrid, Text, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import type { PersonRow } from '../../../src/organization/contract.ts';
import { includesRole } from '../../../src/organization/plan.ts';
import type { Team } from '../../../src/organization/team.ts';
import classes from './call-handling-section.module.css';

interface TeamFieldsProps {
  team: Team;
  people: readonly PersonRow[];
  /** The plan is missing: a team may still be removed. */
  disabled: boolean;
  errorOf: (field: keyof Team) => string | undefined;
  pathOf: (field: keyof Team) => string;
  onChange: (changed: Partial<Team>) => void;
  onRemove: () => void;
}

/** One team: its name, its members, who supervises them. */
export function TeamFields(props: TeamFieldsProps) {
  const { team, people, disabled, errorOf, pathOf, onChange, onRemove } = props;
  const named = team.name.trim() === '' ? 'new team' : team.name;
  const choices = useMemo(() => {
    const active = people.filter((one) => one.active || team.memberIds.includes(one.id));
    const namesakes = Map.groupBy(active, ({ name }) => name);
    return active.map(({ id, name, email, active: on }) => ({
      value: id,
      label: `${name}${on ? '' : ' (inactive)'}${namesakes.get(name)!.length > 1 ? `, ${email}` : ''}`,
    }));
  }, [people, team.memberIds]);
  const supervisors = useMemo(
    () =>
      people
        .filter(
          ({ id, active, role }) =>
            team.supervisorIds.includes(id) || (active && includesRole(role, 'supervisor')),
        )
        .map(({ id, name, role }) => ({
          value: id,
          label: includesRole(role, 'supervisor') ? name : `${name} (no supervisor any more)`,
        })),
    [people, team.supervisorIds],
  );
  return (
    <fieldset className={classes.template} aria-label={`Team ${named}`}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <TextInput
          label="Name"
          placeholder="Such as Second level"
          value={team.name}
          maxLength={100}
          disabled={disabled}
          error={errorOf('name')}
          data-path={pathOf('name')}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
        <MultiSelect
          label="Supervisors"
          placeholder={team.supervisorIds.length === 0 ? 'Nobody in particular' : ''}
          data={supervisors}
          value={team.supervisorIds}
          searchable
          hidePickedOptions
          limit={50}
          disabled={disabled}
          error={errorOf('supervisorIds')}
          nothingFoundMessage="Nobody with the role Supervisor"
          data-path={pathOf('supervisorIds')}
          onChange={(supervisorIds) => onChange({ supervisorIds: supervisorIds.toSorted() })}
        />
      </SimpleGrid>
      <MultiSelect
        mt="sm"
        label={`Members (${team.memberIds.length})`}
        placeholder={team.memberIds.length === 0 ? 'Type a name' : ''}
        data={choices}
        value={team.memberIds}
        searchable
        hidePickedOptions
        clearable
        limit={50}
        disabled={disabled}
        error={errorOf('memberIds')}
        nothingFoundMessage="Nobody is called so"
        data-path={pathOf('memberIds')}
        onChange={(memberIds) => onChange({ memberIds: memberIds.toSorted() })}
      />
      <Group justify="space-between" mt="sm" align="flex-start">
        <Text size="xs" c="dimmed" flex="1 1 14rem">
          {removalText(team)}
        </Text>
        <Button variant="subtle" color="red" size="xs" onClick={onRemove}>
          Remove {named}
        </Button>
      </Group>
    </fieldset>
  );
}

/** What removing means; nothing for a team without consequence. */
function removalText({ memberIds, supervisorIds }: Team): string {
  const losses = [];
  if (memberIds.length > 1)
    losses.push(`${memberIds.length} members no longer see one another’s calls`);
  if (supervisorIds.length > 0)
    losses.push('a supervisor who has no other team sees everybody’s calls again');
  return losses.length === 0 ? '' : `Removing it deletes no call: ${losses.join(', and ')}.`;
}
