import type { ColumnType, Generated } from 'kysely';

/** The tables of migration 0033 that belong to this room. */
export type WorkTables = {
  call_case: {
    organization_id: string;
    call_id: string;
    connection_id: string;
    case_id: string | null;
    write_id: string | null;
    lane: string;
    number: string;
    short_description: string;
    /** Read as an object, written as JSON text. */
    wanted: ColumnType<Wanted, string | undefined, string>;
    tagged_by: string | null;
    tagged_at: Date;
  };
  call_note: {
    organization_id: string;
    call_id: string;
    person_id: string;
    text: string;
    version: number;
    editor: string;
    step: number;
    updated_at: Date;
  };
  call_note_part: {
    organization_id: string;
    call_id: string;
    person_id: string;
    id: string;
    text: string;
    write_id: string;
    sent_at: Date;
  };
  call_wrap_up: {
    organization_id: string;
    call_id: string;
    person_id: string;
    began_at: Date | null;
    due_at: Date | null;
    limited: Generated<boolean>;
    code_id: string | null;
    code_label: string | null;
    seconds_worked: number | null;
    finished_at: Date | null;
    finished_by: 'agent' | 'limit' | null;
  };
  desk_request: {
    organization_id: string;
    call_id: string;
    id: string;
    made_at: Generated<Date>;
    content: Buffer | null;
  };
};

/** Fields of a case that were asked for, each with the write that carries it. */
export type Wanted = Partial<Record<WantedField, WantedValue>>;
export type WantedField = 'state' | 'priority' | 'assignedTo' | 'assignmentGroup';
export interface WantedValue {
  value: string;
  label: string;
  write: string;
}
