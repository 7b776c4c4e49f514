-- What became of each backup and each restore drill, for the practice's admin.
create table backup_run (
    practice text collate "C" not null default the_practice(),
    id text collate "C" not null,
    kind text collate "C" not null,
    at bigint not null,
    took bigint not null,
    kept text not null,
    elsewhere bigint not null,
    snapshot text,
    snapshot_at bigint,
    versions bigint,
    bytes bigint,
    sha256 text,
    problem text,
    say text,
    primary key (practice, id)
);
create index backup_run_at on backup_run (practice, at);

call shut('backup_run');
