-- The company of everybody who has the number, where all have the same one; '' where they have not, or nobody was found. Of many candidates
-- only the first are kept, so it cannot be told from them.
alter table call_match add column shared_company text not null default '';
