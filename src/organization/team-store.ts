import { sql } from 'kysely';
import type { Database } from '../platform/database/database.ts';
import type { Team } from './team.ts';

/** Every team, by name; its people in the order of their ids. */
export async function teamsOf(db: Database, organizationId: string): Promise<Team[]> {
  const { rows } = await sql<Team>`
    select team.id, team.name,
      coalesce(array_agg(p.person_id order by p.person_id) filter (where p.member), '{}') as "memberIds",
      coalesce(array_agg(p.person_id order by p.person_id) filter (where p.supervises), '{}') as "supervisorIds"
    from team left join team_person p on p.organization_id = team.organization_id and p.team_id = team.id
    where team.organization_id = ${organizationId}
    group by team.id, team.name
    order by lower(team.name), team.id`.execute(db);
  return rows;
}

/** Puts these teams in the place of those that there are. */
export async function saveTeams(
  db: Database,
  organizationId: string,
  teams: readonly Team[],
): Promise<void> {
  const ids = teams.map(({ id }) => id);
  await sql`delete from team where organization_id = ${organizationId} and not id = any(${ids}::uuid[])`.execute(
    db,
  );
  await sql`delete from team_person where organization_id = ${organizationId}`.execute(db);
  await sql`
    insert into team (organization_id, id, name)
    select ${organizationId}, id, name from unnest(${ids}::uuid[], ${teams.map(({ name }) => name)}::text[]) as new (id, name)
    on conflict (organization_id, id) do update set name = excluded.name`.execute(db);
  const people = teams.flatMap(({ id, memberIds, supervisorIds }) => {
    const [members, supervisors] = [new Set(memberIds), new Set(supervisorIds)];
    return [...new Set([...memberIds, ...supervisorIds])].map((person) => ({
      ...{ id, person },
      ...{ member: members.has(person), supervises: supervisors.has(person) },
    }));
  });
  await sql`
    insert into team_person (organization_id, team_id, person_id, member, supervises)
    select ${organizationId}, team, person, member, supervises from unnest(
      ${people.map(({ id }) => id)}::uuid[], ${people.map(({ person }) => person)}::uuid[],
      ${people.map(({ member }) => member)}::boolean[], ${people.map(({ supervises }) => supervises)}::boolean[]
    ) as new (team, person, member, supervises)`.execute(db);
}

/** A member of a team that somebody sees. */
export interface TeamMember {
  teamId: string;
  team: string;
  personId: string;
  /** As it is now. */
  extension: string | null;
}

/** The members of the teams that a person belongs to, or, for a supervisor, of those that they supervise. */
export async function membersSeenBy(
  db: Database,
  organizationId: string,
  personId: string,
  as: 'member' | 'supervisor',
): Promise<TeamMember[]> {
  const own = as === 'member' ? sql`own.member` : sql`own.supervises`;
  const { rows } = await sql<TeamMember>`
    select team.id as "teamId", team.name as team, person.id as "personId", person.extension
    from team_person own
    join team on team.organization_id = own.organization_id and team.id = own.team_id
    join team_person other on other.organization_id = own.organization_id and other.team_id = own.team_id and other.member
    join person on person.organization_id = other.organization_id and person.id = other.person_id
    where own.organization_id = ${organizationId} and own.person_id = ${personId} and ${own}
    order by lower(team.name), team.id, person.id`.execute(db);
  return rows;
}

/** Whether somebody is named a supervisor of a team: then they see those teams and not everybody. */
export async function supervisesTeams(
  db: Database,
  organizationId: string,
  personId: string,
): Promise<boolean> {
  const { rows } = await sql`
    select from team_person
    where organization_id = ${organizationId} and person_id = ${personId} and supervises limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

/** The members of a team; empty also for one that is not there. */
export async function membersOfTeam(
  db: Database,
  organizationId: string,
  teamId: string,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select person_id as id from team_person
    where organization_id = ${organizationId} and team_id = ${teamId} and member order by person_id`.execute(
    db,
  );
  return rows.map(({ id }) => id);
}
