-- One row, sealed with the key file that this database belongs to: a hub with another key file notices at its start.
create table key_check (
  only_row boolean primary key default true check (only_row),
  sealed text not null
);
