-- Calls are deleted when they are older than their organization keeps them: every table that goes along is found by the call.
create index missed_case_call on missed_case (organization_id, call_id);
create index desk_dismissal_call on desk_dismissal (organization_id, call_id);
