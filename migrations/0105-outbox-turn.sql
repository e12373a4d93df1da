-- Whoever delivers goes along what waits from the oldest on, and people look at what is open of their own and at what needs attention:
-- each stops early, however much waits or was delivered.
create index outbox_write_turn on outbox_write (organization_id, connection_id, position)
  where state in ('waiting', 'sending');
create index outbox_write_attention on outbox_write (organization_id, connection_id, position)
  where state = 'attention';
create index outbox_write_person on outbox_write (organization_id, person_id, position)
  where state in ('waiting', 'sending', 'attention') and person_id is not null;
