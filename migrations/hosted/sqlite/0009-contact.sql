-- What a workstation's requests tell of it, at most once a minute, and when it last said that it locked.

alter table workstation add column seen integer;    -- when it last asked anything
alter table workstation add column program text;    -- the version of its program
alter table workstation add column policy integer;  -- the version of the policy that it holds
alter table workstation add column locked integer;  -- the newest lock in its audit chain, by its own clock
