-- What a workstation's requests tell of it, and when it last said that it locked.
alter table workstation add column seen bigint;
alter table workstation add column program text;
alter table workstation add column policy bigint;
alter table workstation add column locked bigint;
