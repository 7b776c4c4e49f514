-- Whom a hold is kept for, and whether the host has heard of that.
ALTER TABLE block ADD COLUMN kept_for TEXT;
ALTER TABLE block ADD COLUMN unsent INTEGER NOT NULL DEFAULT 0;

-- The places of a visit, whose time it takes as it takes its practitioners'.
ALTER TABLE appointment ADD COLUMN locations TEXT NOT NULL DEFAULT '';
ALTER TABLE booked RENAME COLUMN practitioner TO actor;
