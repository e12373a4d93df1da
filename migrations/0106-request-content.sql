-- What a request ordered, as a hash: the same request with other content is no repeat, and its sender is told. Null where repeats may
-- differ, as of notes, whose text is kept apart from being sent.
alter table desk_request add column content bytea;
