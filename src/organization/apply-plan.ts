import type { CrmPlatform } from '../crm/port.ts';
import type { FieldError } from '../platform/errors.ts';
import type { Permission } from './permission.ts';
import type { SaveInput } from './organization-change.ts';
import type { Team } from './team.ts';

/** What applying a file will do, worked out without doing it. */
export interface ApplyPlan {
  problems: FieldError[];
  /** One line for each difference: `+` what is added, `~` what changes. */
  difference: string[];
  /** What is left undone, and when it can be done. */
  notes: string[];
  organization: 'create' | 'save' | 'keep';
  /** As it will be, where that differs; null: stays. */
  agentsMayNot: Permission[] | null;
  /** By their place in the file; `id` is null for what is to be added. Only those that differ. */
  connections: { at: number; id: string | null }[];
  phoneSystems: { at: number; id: string | null }[];
  invited: number[];
  /** Of people who are there already; without mappings. */
  people: SaveInput['people'];
  /** Mappings that are new, by the place of the person in the file. */
  mappings: { at: number; connectionId: string; crmUserId: string }[];
  /** Place in the file of the connection that becomes the primary one. */
  primary: number | null;
  /** All of them as they will be, their people by e-mail address; null: they stay. */
  teams: Team[] | null;
}

export interface PlanApplyDeps {
  platforms: readonly CrmPlatform[];
  /** User of the primary connection by e-mail or id; null when none was pulled. */
  crmUser(wanted: string): { id: string; name: string } | null;
}
