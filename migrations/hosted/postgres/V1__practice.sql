-- Every practice of the host in one database: the same tables as an embedded practice's file, each row with its practice.
-- A transaction says whose rows it is about (shadowchart.practice) and sees no others: row-level security, forced on the
-- owner too. Statements name no practice; where it is not set they fail.

create function the_practice() returns text language sql stable
    as $$ select current_setting('shadowchart.practice') $$;

-- Which practices there are. Nothing else is known without saying which.
create table practice (
    id text collate "C" primary key
);

create table setting (
    practice text collate "C" not null default the_practice(),
    name text collate "C" not null,
    value text not null,
    primary key (practice, name)
);

create table resource (
    practice text collate "C" not null default the_practice(),
    n bigint not null,
    kind text collate "C" not null,
    id text collate "C" not null,
    version bigint not null,
    seq bigint not null,
    updated bigint not null,
    patient text collate "C",
    status text collate "C",
    low bigint,
    high bigint,
    primary key (practice, n),
    unique (practice, kind, id)
);
create index resource_patient on resource (practice, patient, kind) where patient is not null;
create index resource_kind on resource (practice, kind, n);
create index resource_date on resource (practice, kind, low, high) where low is not null;

create table version (
    practice text collate "C" not null default the_practice(),
    seq bigint not null,
    resource bigint not null,
    version bigint not null,
    kind text collate "C" not null,
    id text collate "C" not null,
    updated bigint not null,
    body bytea not null,
    primary key (practice, seq),
    unique (practice, resource, version),
    foreign key (practice, resource) references resource (practice, n)
);
-- Packed already.
alter table version alter column body set storage external;

create table term (
    practice text collate "C" not null default the_practice(),
    kind text collate "C" not null,
    param text collate "C" not null,
    value text collate "C" not null,
    resource bigint not null,
    foreign key (practice, resource) references resource (practice, n)
);
create index term_value on term (practice, kind, param, value, resource);
create index term_resource on term (practice, resource);

create table holding (
    practice text collate "C" not null default the_practice(),
    actor text collate "C" not null,
    low bigint not null,
    high bigint not null,
    resource bigint not null,
    primary key (practice, actor, low, resource),
    foreign key (practice, resource) references resource (practice, n)
);
create index holding_resource on holding (practice, resource);

create table change (
    practice text collate "C" not null default the_practice(),
    id text collate "C" not null,
    first_seq bigint not null,
    last_seq bigint not null,
    primary key (practice, id)
);

create table member (
    practice text collate "C" not null default the_practice(),
    id text collate "C" not null,
    email text collate "C" not null,
    name text collate "C" not null,
    role text collate "C" not null,
    initials text not null,
    color bigint not null,
    practitioner text collate "C",
    password text,
    added bigint not null,
    stopped bigint,
    primary key (practice, id),
    unique (practice, email)
);

create table workstation (
    practice text collate "C" not null default the_practice(),
    id text collate "C" not null,
    name text not null,
    zone text not null,
    token bytea not null,
    share bytea not null,
    enrolled bigint not null,
    stopped bigint,
    key text,
    wipe bigint,
    wiped bigint,
    receipt text,
    primary key (practice, id),
    unique (practice, token)
);

create table access_token (
    practice text collate "C" not null default the_practice(),
    token bytea not null,
    member text collate "C" not null,
    workstation text collate "C" not null,
    expires bigint not null,
    primary key (practice, token),
    foreign key (practice, member) references member (practice, id),
    foreign key (practice, workstation) references workstation (practice, id)
);

create table enrol_code (
    practice text collate "C" not null default the_practice(),
    code bytea not null,
    expires bigint not null,
    used bigint,
    primary key (practice, code)
);

create table attempt (
    practice text collate "C" not null default the_practice(),
    email bytea not null,
    failures bigint not null,
    last bigint not null,
    primary key (practice, email)
);

create table policy (
    practice text collate "C" not null default the_practice(),
    version bigint not null,
    document text not null,
    signature text not null,
    primary key (practice, version)
);

create table audit_entry (
    practice text collate "C" not null default the_practice(),
    workstation text collate "C" not null,
    seq bigint not null,
    prev text not null,
    hash text not null,
    event bytea not null,
    taken bigint not null,
    primary key (practice, workstation, seq)
);

create table life (
    practice text collate "C" not null default the_practice(),
    n bigint not null,
    name text collate "C" not null,
    first_seq bigint not null,
    primary key (practice, n),
    unique (practice, name)
);

create table given_back (
    practice text collate "C" not null default the_practice(),
    seq bigint not null,
    life text collate "C" not null,
    primary key (practice, seq),
    foreign key (practice, seq) references version (practice, seq)
);

create table page (
    practice text collate "C" not null default the_practice(),
    n bigint not null,
    life text collate "C" not null,
    base text collate "C" not null,
    after bigint not null,
    last bigint not null,
    body bytea not null,
    primary key (practice, n),
    unique (practice, life, base, after)
);

-- Each practice counts its rows by itself, and who writes is alone (an advisory lock): the next number is one more than
-- the last.
create function next_resource() returns bigint language sql volatile
    as $$ select coalesce(max(n), 0) + 1 from resource where practice = the_practice() $$;
create function next_version() returns bigint language sql volatile
    as $$ select coalesce(max(seq), 0) + 1 from version where practice = the_practice() $$;
create function next_life() returns bigint language sql volatile
    as $$ select coalesce(max(n), 0) + 1 from life where practice = the_practice() $$;
create function next_page() returns bigint language sql volatile
    as $$ select coalesce(max(n), 0) + 1 from page where practice = the_practice() $$;
alter table resource alter column n set default next_resource();
alter table version alter column seq set default next_version();
alter table life alter column n set default next_life();
alter table page alter column n set default next_page();

-- Shuts each table but the list of practices.
create procedure shut(name regclass) language plpgsql as $$
begin
    execute format('alter table %s enable row level security', name);
    execute format('alter table %s force row level security', name);
    execute format('create policy its_practice on %s using (practice = the_practice())', name);
end
$$;
do $$
declare
    name regclass;
begin
    for name in
        select oid::regclass from pg_class
        where relkind = 'r' and relnamespace = current_schema()::regnamespace
        and relname not in ('practice', 'refinery_schema_history')
    loop
        call shut(name);
    end loop;
end
$$;
