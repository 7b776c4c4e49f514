-- Who looks after a change that was set aside; whoever entered it, when absent.
ALTER TABLE outbox ADD COLUMN owner TEXT;

-- How often the host itself failed at a change, since somebody last looked at it.
ALTER TABLE outbox ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
