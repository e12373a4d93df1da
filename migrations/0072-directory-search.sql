-- The search of the mirror by name, company and e-mail (docs/decisions/0017-search.md). Behind a fence only `=`, `<` and `>=` use an
-- index, so the words of every record stand in a plain table, each with the records that have it.

-- Numbers the searchable records, across tables. Who writes the mirror of a connection is alone (directory_pull's row), so within a
-- connection a record with a higher number was committed later, and whoever indexes asks for what lies behind the last one.
create sequence search_document;
alter table customer add column document bigint not null default nextval('search_document');
alter table contact add column document bigint not null default nextval('search_document');
create index customer_document on customer (organization_id, connection_id, document);
create index contact_document on contact (organization_id, connection_id, document);

-- How far the index of a connection is.
create table search_index (
  organization_id uuid not null,
  connection_id uuid not null,
  -- Every record up to this one is in the index, but for what search_change still tells of.
  last_document bigint not null default 0,
  -- Records that were indexed, for people who wait; deleted ones are not taken off.
  indexed bigint not null default 0,
  primary key (organization_id, connection_id),
  foreign key (organization_id, connection_id) references crm_connection (organization_id, id) on delete cascade
);
insert into search_index (organization_id, connection_id) select organization_id, id from crm_connection;

create function begin_search_index() returns trigger language plpgsql as $$
begin
  insert into search_index (organization_id, connection_id) values (new.organization_id, new.id);
  return null;
end $$;
create trigger begin_search_index after insert on crm_connection for each row execute function begin_search_index();

create table search_posting (
  organization_id uuid not null,
  connection_id uuid not null,
  -- Whose word it is; 'staff': the word is a customer's id, the records are the contacts that work there.
  owner text not null check (owner in ('contact', 'consumer', 'customer', 'staff')),
  -- Folded (directory/search-words.ts). With a star: all words that begin so, for beginnings of one to three letters.
  word text collate "C" not null,
  -- document / 65536
  chunk integer not null,
  -- Their document % 65536 (directory/document-set.ts).
  documents bytea not null,
  primary key (organization_id, connection_id, owner, word, chunk),
  foreign key (organization_id, connection_id) references crm_connection (organization_id, id) on delete cascade
);
-- Packed already: compressing it again costs time and wins nothing.
alter table search_posting alter column documents set storage external;

-- What records were before they were changed or deleted, until the index has followed. Only ever inserted, so that no writer waits.
create table search_change (
  organization_id uuid not null,
  connection_id uuid not null,
  id bigint generated always as identity,
  document bigint not null,
  kind text not null,
  name text not null,
  email text not null,
  customer_id text,
  active boolean not null,
  primary key (organization_id, connection_id, id),
  foreign key (organization_id, connection_id) references crm_connection (organization_id, id) on delete cascade
);

-- By statement, and never for inserts: loading a million rows costs nothing. A connection that is being deleted has no row of
-- search_index any more.
create function note_contact_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    insert into search_change (organization_id, connection_id, document, kind, name, email, customer_id, active)
    select o.organization_id, o.connection_id, o.document, o.kind, o.name, o.email, o.customer_id, o.active
    from old_rows o
    join new_rows n using (organization_id, connection_id, kind, id)
    where exists (select from search_index i where i.organization_id = o.organization_id and i.connection_id = o.connection_id)
      and (o.name, o.email, o.customer_id, o.active) is distinct from (n.name, n.email, n.customer_id, n.active);
  else
    insert into search_change (organization_id, connection_id, document, kind, name, email, customer_id, active)
    select o.organization_id, o.connection_id, o.document, o.kind, o.name, o.email, o.customer_id, o.active
    from old_rows o
    where exists (select from search_index i where i.organization_id = o.organization_id and i.connection_id = o.connection_id);
  end if;
  return null;
end $$;
create trigger note_contact_update after update on contact
  referencing old table as old_rows new table as new_rows for each statement execute function note_contact_change();
create trigger note_contact_delete after delete on contact
  referencing old table as old_rows for each statement execute function note_contact_change();

create function note_customer_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    insert into search_change (organization_id, connection_id, document, kind, name, email, customer_id, active)
    select o.organization_id, o.connection_id, o.document, 'customer', o.name, '', null, true
    from old_rows o
    join new_rows n using (organization_id, connection_id, id)
    where exists (select from search_index i where i.organization_id = o.organization_id and i.connection_id = o.connection_id)
      and o.name is distinct from n.name;
  else
    insert into search_change (organization_id, connection_id, document, kind, name, email, customer_id, active)
    select o.organization_id, o.connection_id, o.document, 'customer', o.name, '', null, true
    from old_rows o
    where exists (select from search_index i where i.organization_id = o.organization_id and i.connection_id = o.connection_id);
  end if;
  return null;
end $$;
create trigger note_customer_update after update on customer
  referencing old table as old_rows new table as new_rows for each statement execute function note_customer_change();
create trigger note_customer_delete after delete on customer
  referencing old table as old_rows for each statement execute function note_customer_change();
