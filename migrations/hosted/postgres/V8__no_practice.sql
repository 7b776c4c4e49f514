-- Once a transaction has ended, the practice that it said is '' on its connection, and no longer missing: '' is nobody's.
-- Rows of it can then be neither seen nor written.
create or replace function the_practice() returns text language sql stable
    as $$ select nullif(current_setting('shadowchart.practice'), '') $$;
alter table practice add check (id <> '');
