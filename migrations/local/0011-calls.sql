-- projection of Communication: what came of the calls about a visit or a recall.
CREATE TABLE call (
    about   TEXT NOT NULL,
    at      INTEGER NOT NULL,
    id      ANY NOT NULL,
    outcome TEXT NOT NULL,
    caller  TEXT,
    note    TEXT,
    PRIMARY KEY (about, at, id)
) STRICT, WITHOUT ROWID;

-- projection of Task: who is due for a visit.
CREATE TABLE recall (
    due         TEXT NOT NULL,
    id          ANY NOT NULL,
    compartment INTEGER NOT NULL,
    PRIMARY KEY (due, id)
) STRICT, WITHOUT ROWID;
