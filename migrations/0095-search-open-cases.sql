-- The search tells who has an open case, and reads fewer rows (docs/decisions/0017-search.md).

-- One word of people, companies and staff lies together: a mistyped word has hundreds of neighbours, and each is one step in the key
-- instead of three. What is in the index is other words now (beginnings of up to eight letters, people with an open case), so it is
-- built anew by itself.
truncate search_posting;
alter table search_posting drop constraint search_posting_pkey;
alter table search_posting drop constraint search_posting_owner_check;
alter table search_posting add primary key (organization_id, connection_id, word, owner, chunk);
-- 'staff': the word is '=' and a customer's id. 'busy': the word is empty, the records are the people with an open case.
alter table search_posting add check (owner in ('contact', 'consumer', 'customer', 'staff', 'busy'));
truncate search_change;
update search_index set last_document = 0, indexed = 0;

-- Whose open cases came, went or became somebody else's, until the index has followed. Only ever inserted, as search_change.
create table search_case_change (
  organization_id uuid not null,
  connection_id uuid not null,
  id bigint generated always as identity,
  kind text not null,
  contact_id text not null,
  primary key (organization_id, connection_id, id),
  foreign key (organization_id, connection_id) references crm_connection (organization_id, id) on delete cascade
);

create function note_case_owners() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into search_case_change (organization_id, connection_id, kind, contact_id)
    select distinct n.organization_id, n.connection_id, o.kind, o.contact_id
    from new_rows n
    cross join lateral (values ('contact', n.contact_id), ('consumer', n.consumer_id)) o (kind, contact_id)
    where n.open and o.contact_id is not null
      and exists (select from search_index i where i.organization_id = n.organization_id and i.connection_id = n.connection_id);
  elsif tg_op = 'UPDATE' then
    insert into search_case_change (organization_id, connection_id, kind, contact_id)
    select distinct n.organization_id, n.connection_id, o.kind, o.contact_id
    from old_rows b
    join new_rows n using (organization_id, connection_id, id)
    cross join lateral (values ('contact', b.contact_id), ('consumer', b.consumer_id), ('contact', n.contact_id),
      ('consumer', n.consumer_id)) o (kind, contact_id)
    where (b.open, b.contact_id, b.consumer_id) is distinct from (n.open, n.contact_id, n.consumer_id)
      and o.contact_id is not null
      and exists (select from search_index i where i.organization_id = n.organization_id and i.connection_id = n.connection_id);
  else
    insert into search_case_change (organization_id, connection_id, kind, contact_id)
    select distinct b.organization_id, b.connection_id, o.kind, o.contact_id
    from old_rows b
    cross join lateral (values ('contact', b.contact_id), ('consumer', b.consumer_id)) o (kind, contact_id)
    where b.open and o.contact_id is not null
      and exists (select from search_index i where i.organization_id = b.organization_id and i.connection_id = b.connection_id);
  end if;
  return null;
end $$;
create trigger note_case_insert after insert on crm_case
  referencing new table as new_rows for each statement execute function note_case_owners();
create trigger note_case_update after update on crm_case
  referencing old table as old_rows new table as new_rows for each statement execute function note_case_owners();
create trigger note_case_delete after delete on crm_case
  referencing old table as old_rows for each statement execute function note_case_owners();
