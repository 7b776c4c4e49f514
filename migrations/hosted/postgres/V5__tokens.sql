-- Refresh tokens in families, and the proofs that were seen.

create table token_family (
    practice text collate "C" not null default the_practice(),
    id text collate "C" not null,
    member text collate "C" not null,
    workstation text collate "C" not null,
    key text collate "C" not null,
    expires bigint not null,
    revoked bigint,
    primary key (practice, id),
    foreign key (practice, member) references member (practice, id),
    foreign key (practice, workstation) references workstation (practice, id)
);
create index token_family_member on token_family (practice, member);

create table refresh_token (
    practice text collate "C" not null default the_practice(),
    token bytea not null,
    family text collate "C" not null,
    used bigint,
    primary key (practice, token),
    foreign key (practice, family) references token_family (practice, id)
);
create index refresh_token_family on refresh_token (practice, family);

alter table access_token add column family text collate "C";

create table proof (
    practice text collate "C" not null default the_practice(),
    id bytea not null,
    expires bigint not null,
    primary key (practice, id)
);
create index proof_expires on proof (practice, expires);

call shut('token_family');
call shut('refresh_token');
call shut('proof');
