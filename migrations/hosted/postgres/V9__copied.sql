-- When a copy of a sign-in that was made at a workstation was last used, for the practice's admin to see.
alter table workstation add column copied bigint;
