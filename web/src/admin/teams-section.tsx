import { Button, Group, Stack, Text } from '@mantine/core';
import { IconPlus, IconUsersGroup } from '@tabler/icons-react';
import { teamsAtMost } from '../../../src/organization/team.ts';
import type { Team } from '../../../src/organization/team.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { SectionCard } from '../ui/section-card.tsx';
import { MissingPlan } from './missing-plan.tsx';
import { useForm } from './organization-context.ts';
import { sections } from './section-index.tsx';
import { TeamFields } from './team-fields.tsx';
import { useMissingPlan } from './use-call-handling.ts';

/** 'Teams': who works together, and who supervises whom. */
export function TeamsSection() {
  const { draft, errors, set } = useForm();
  const locked = useMissingPlan('teams') !== null;
  const { teams } = draft;
  const change = (after: Team[]) => set('teams', after);
  return (
    <SectionCard
      {...sections.find(({ id }) => id === 'teams')!}
      lead="Members of a team see one another’s calls and missed calls beside their own, unless that is withheld under User Roles. A supervisor named here sees the calls of their teams alone; one who supervises no team sees everybody’s, and so do administrators."
      actions={
        <Button
          variant="default"
          leftSection={<IconPlus size={18} aria-hidden="true" />}
          disabled={locked || teams.length >= teamsAtMost}
          onClick={() => change([...teams, newTeam()])}
        >
          Add team
        </Button>
      }
    >
      <MissingPlan feature="teams" />
      {teams.length === 0 && !locked && (
        <EmptyState icon={<IconUsersGroup size={24} />} title="No teams yet">
          Without teams agents see their own calls and those of the queues that ring them, and
          supervisors see everybody’s.
        </EmptyState>
      )}
      <Stack gap="sm">
        {teams.map((team, place) => (
          <TeamFields
            key={team.id}
            team={team}
            people={draft.people}
            disabled={locked}
            errorOf={(field) => errors[`teams.${place}.${field}`]}
            pathOf={(field) => `teams.${place}.${field}`}
            onChange={(changed) => change(teams.with(place, { ...team, ...changed }))}
            onRemove={() => change(teams.toSpliced(place, 1))}
          />
        ))}
      </Stack>
      {errors['teams'] !== undefined && (
        <Group mt="sm" data-path="teams" tabIndex={-1}>
          <Text size="sm" c="var(--mantine-color-error)">
            {errors['teams']}
          </Text>
        </Group>
      )}
    </SectionCard>
  );
}

function newTeam(): Team {
  return { id: crypto.randomUUID(), name: '', memberIds: [], supervisorIds: [] };
}
