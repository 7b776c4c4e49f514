-- Second factors, links that were mailed, and tries by network address.

create table second_factor (
    member text primary key references member (id),
    secret blob not null,           -- RFC 6238
    confirmed integer,              -- when the first code came; absent until then
    last_step integer not null      -- the newest 30 seconds whose code was taken: each is taken once
) strict, without rowid;

create table recovery_code (
    code blob primary key,          -- SHA-256
    member text not null references member (id),
    used integer
) strict, without rowid;
create index recovery_code_member on recovery_code (member);

-- Links with which a member chooses a password.
create table mailed_link (
    token blob primary key,         -- SHA-256
    member text not null references member (id),
    expires integer not null,
    used integer
) strict, without rowid;
create index mailed_link_member on mailed_link (member);

-- Tries from one network address within a stretch of time, for all processes that serve the practice.
create table tries (
    what text not null,
    place blob not null,            -- SHA-256
    since integer not null,
    number integer not null,
    primary key (what, place)
) strict, without rowid;
