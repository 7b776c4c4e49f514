-- Refresh tokens, each good once, in families that begin with a sign-in; and the proofs that were seen.

create table token_family (
    id text primary key,
    member text not null references member (id),
    workstation text not null references workstation (id),
    key text not null,              -- Ed25519, base64: whoever shows a token of it signs with this
    expires integer not null,
    revoked integer                 -- when a used refresh token was shown again
) strict, without rowid;
create index token_family_member on token_family (member);

create table refresh_token (
    token blob primary key,         -- SHA-256
    family text not null references token_family (id),
    used integer
) strict, without rowid;
create index refresh_token_family on refresh_token (family);

alter table access_token add column family text;    -- absent: a computer whose key is not known

create table proof (
    id blob primary key,            -- SHA-256 of the family and the proof's own number
    expires integer not null
) strict, without rowid;
create index proof_expires on proof (expires);
