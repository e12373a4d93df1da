-- The words of a mirror go with its rows (0076), in small steps, and not with the connection: there may be a million.
alter table search_posting drop constraint search_posting_organization_id_connection_id_fkey;
