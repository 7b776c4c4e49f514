-- One practice of the embedded host: every version of every resource, what search needs, and the accounts.
-- The file is encrypted as a whole (SQLCipher); nothing here is encrypted again except secrets, which are hashed.

create table setting (
    name text primary key,
    value text not null
) strict, without rowid;

-- The present state of each resource, with the columns that most searches ask for.
create table resource (
    n integer primary key,
    kind text not null,
    id text not null,
    version integer not null,
    seq integer not null,           -- its row in `version`
    updated integer not null,       -- milliseconds since 1970
    patient text,                   -- whose compartment
    status text,
    low integer,                    -- when it begins, milliseconds since 1970
    high integer,                   -- when it has ended, exclusive
    unique (kind, id)
) strict;
create index resource_patient on resource (patient, kind) where patient is not null;
create index resource_kind on resource (kind);
create index resource_date on resource (kind, low, high) where low is not null;

-- Every version in the order in which the host took it: the history, and the feed that workstations follow.
create table version (
    seq integer primary key autoincrement,
    resource integer not null references resource (n),
    version integer not null,
    kind text not null,
    id text not null,
    updated integer not null,
    body blob not null,
    unique (resource, version)
) strict;

-- Words, identifiers and references of the present versions.
create table term (
    kind text not null,
    param text not null,
    value text not null,
    resource integer not null references resource (n),
    primary key (kind, param, value, resource)
) strict, without rowid;
create index term_resource on term (resource);

-- Whose time is taken: what arbitration looks at.
create table holding (
    actor text not null,
    low integer not null,
    high integer not null,
    resource integer not null references resource (n),
    primary key (actor, low, resource)
) strict, without rowid;
create index holding_resource on holding (resource);

-- Changes taken from workstations. A repeat is answered from here: versions never change.
create table change (
    id text primary key,            -- of its Provenance
    first_seq integer not null,
    last_seq integer not null
) strict, without rowid;

create table member (
    id text primary key,
    email text not null unique,
    name text not null,
    role text not null,
    initials text not null,
    color integer not null,
    practitioner text,
    password text,                  -- PHC string; absent until set
    added integer not null,
    stopped integer
) strict, without rowid;

create table workstation (
    id text primary key,
    name text not null,
    zone text not null,
    token blob not null unique,     -- SHA-256
    share blob not null,            -- its part of the recovery slot
    enrolled integer not null,
    stopped integer
) strict, without rowid;

create table access_token (
    token blob primary key,         -- SHA-256
    member text not null references member (id),
    workstation text not null references workstation (id),
    expires integer not null
) strict, without rowid;

create table enrol_code (
    code blob primary key,          -- SHA-256
    expires integer not null,
    used integer
) strict, without rowid;

-- Wrong passwords, by address, known or not: an unknown one must not be told apart.
create table attempt (
    email blob primary key,         -- SHA-256
    failures integer not null,
    last integer not null
) strict, without rowid;

create table policy (
    version integer primary key,
    document text not null,
    signature text not null
) strict;

-- Audit chains, one a workstation; the host's own is among them.
create table audit_entry (
    workstation text not null,
    seq integer not null,
    prev text not null,
    hash text not null,
    event blob not null,
    taken integer not null,
    primary key (workstation, seq)
) strict, without rowid;
