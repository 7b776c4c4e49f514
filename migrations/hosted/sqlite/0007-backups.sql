-- What became of each backup and each restore drill, for the practice's admin.
create table backup_run (
    id text primary key,
    kind text not null,             -- backup or drill
    at integer not null,            -- when it began
    took integer not null,          -- milliseconds
    kept text not null,             -- the repository's address, without a password
    elsewhere integer not null,     -- whether that is the second one
    snapshot text,
    snapshot_at integer,
    versions integer,
    bytes integer,
    sha256 text,                    -- of the stream, which a drill compares with
    problem text,                   -- a code; null when nothing went wrong
    say text                        -- the same in a sentence
) strict, without rowid;
create index backup_run_at on backup_run (at);
