-- truth: what a person gave up for what the host had, so that it can be brought back; the newest.
CREATE TABLE given_up (
    change    TEXT NOT NULL,
    type      TEXT NOT NULL,
    id        TEXT NOT NULL,
    at        INTEGER NOT NULL,           -- milliseconds since 1970
    what      TEXT NOT NULL,
    onto_dict INTEGER NOT NULL,           -- what the host had then
    onto_body BLOB NOT NULL,
    dict      INTEGER NOT NULL,           -- what it would have become, had what was entered here been kept
    body      BLOB NOT NULL,
    PRIMARY KEY (change, type, id)
) STRICT, WITHOUT ROWID;
