-- Whether a change was sent and no answer to it is known: until then nobody may write its text anew.
ALTER TABLE outbox ADD COLUMN sent INTEGER NOT NULL DEFAULT 0;

-- truth: what the newest merges did, as the program wrote it down, for whoever asks.
CREATE TABLE merged (
    change TEXT NOT NULL,
    type   TEXT NOT NULL,
    id     TEXT NOT NULL,
    at     INTEGER NOT NULL,              -- milliseconds since 1970
    dict   INTEGER NOT NULL,
    body   BLOB NOT NULL,
    PRIMARY KEY (change, type, id)
) STRICT, WITHOUT ROWID;
