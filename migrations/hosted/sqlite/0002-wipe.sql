-- Telling a workstation to forget the practice, and its word that it did.

alter table workstation add column key text;        -- Ed25519, base64: what its receipt verifies with
alter table workstation add column wipe integer;    -- when it was told
alter table workstation add column wiped integer;   -- when its receipt came
alter table workstation add column receipt text;    -- JSON, as it came
