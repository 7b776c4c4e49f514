-- The local store. Tables are marked `truth` (lost when deleted) or `projection` (made again by rebuild_projections).
-- Bodies are zstd frames made with the dictionary whose number stands beside them. An id of type ANY is 16 bytes when
-- it is a UUID in its usual form, else text.

-- truth: small settings: cursor, epoch, last sync, policy.
CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- truth: one number a patient, so that a chart's rows share a short key and lie together. 0 stands for no patient.
CREATE TABLE compartment (
    no      INTEGER NOT NULL PRIMARY KEY,
    patient TEXT NOT NULL UNIQUE
) STRICT;

-- truth: every resource as it stands here, clustered by patient.
CREATE TABLE resource (
    compartment INTEGER NOT NULL,
    type        TEXT NOT NULL,
    id          ANY NOT NULL,
    version     TEXT NOT NULL,            -- the host's, or 'local-CHANGE' while unsent
    tag         TEXT,                     -- the 'local-CHANGE' whose text the host has accepted unchanged
    updated     INTEGER NOT NULL,         -- milliseconds since 1970
    unsent      INTEGER NOT NULL,
    epoch       INTEGER NOT NULL,         -- which of the host's lives it was last seen in
    dict        INTEGER NOT NULL,
    body        BLOB NOT NULL,
    PRIMARY KEY (compartment, type, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX resource_by_key ON resource (type, id);

-- truth: beside each unsent resource, what the first edit started from and what the host has said since.
CREATE TABLE unsent (
    type           TEXT NOT NULL,
    id             TEXT NOT NULL,
    base_version   TEXT,                  -- absent when it was made here
    base_updated   INTEGER,
    base_dict      INTEGER,
    base_body      BLOB,
    remote_version TEXT,                  -- absent when the host has said nothing since
    remote_updated INTEGER,
    remote_dict    INTEGER,
    remote_body    BLOB,                  -- absent when the host has deleted it
    PRIMARY KEY (type, id)
) STRICT, WITHOUT ROWID;

-- truth: changes the host has not accepted, oldest first.
CREATE TABLE outbox (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    change     TEXT NOT NULL UNIQUE,
    at         INTEGER NOT NULL,
    member     TEXT NOT NULL,
    what       TEXT NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 0,
    due        INTEGER NOT NULL DEFAULT 0,
    aside_code TEXT,                      -- set aside when present
    aside_say  TEXT,
    aside_at   INTEGER
) STRICT;

-- truth: exactly what each change sends, and what it replaced here.
CREATE TABLE outbox_item (
    seq         INTEGER NOT NULL REFERENCES outbox (seq) ON DELETE CASCADE,
    type        TEXT NOT NULL,
    id          TEXT NOT NULL,
    base        TEXT,                     -- the host's version it replaces; absent for a create
    dict        INTEGER NOT NULL,
    body        BLOB NOT NULL,
    PRIMARY KEY (seq, type, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX outbox_item_by_key ON outbox_item (type, id, seq);

-- truth: what the newest changes replaced, so that they can be undone also after the host has accepted them.
CREATE TABLE undo (
    seq    INTEGER NOT NULL,
    type   TEXT NOT NULL,
    id     TEXT NOT NULL,
    change TEXT NOT NULL,
    dict   INTEGER,                       -- absent when the change made the resource
    body   BLOB,
    PRIMARY KEY (seq, type, id)
) STRICT, WITHOUT ROWID;

-- truth: this workstation's audit chain.
CREATE TABLE audit (
    seq  INTEGER NOT NULL PRIMARY KEY,
    prev BLOB NOT NULL,
    hash BLOB NOT NULL,
    dict INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;

-- projection of Patient.
CREATE TABLE patient (
    no       INTEGER NOT NULL PRIMARY KEY,
    id       TEXT NOT NULL,
    name     TEXT NOT NULL,
    birth    TEXT,
    gender   TEXT,
    record   TEXT,
    phone    TEXT,
    deceased INTEGER NOT NULL,
    found_by TEXT NOT NULL                -- folded: names, date of birth, record numbers, phones; a line each
) STRICT;

-- projection of Patient: what they are found by. Beside a word of a name stands all the rest of `found_by`, so that a
-- second word is checked without a look-up.
CREATE TABLE patient_word (
    role    INTEGER NOT NULL,
    word    TEXT NOT NULL,
    name    TEXT NOT NULL,
    patient INTEGER NOT NULL,
    beside  TEXT NOT NULL,
    PRIMARY KEY (role, word, name, patient)
) STRICT, WITHOUT ROWID;

-- projection of Appointment.
CREATE TABLE appointment (
    start         INTEGER NOT NULL,
    id            ANY NOT NULL,
    until         INTEGER NOT NULL,
    status        TEXT NOT NULL,
    compartment   INTEGER NOT NULL,
    practitioners TEXT NOT NULL,          -- ids, blanks between
    reason        TEXT,
    note          TEXT,
    arrived       INTEGER,
    unsent        INTEGER NOT NULL,
    PRIMARY KEY (start, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX appointment_over_a_day ON appointment (until) WHERE until - start > 86400000;

-- projection of Appointment: each practitioner's time.
CREATE TABLE booked (
    practitioner ANY NOT NULL,
    start        INTEGER NOT NULL,
    appointment  ANY NOT NULL,
    until        INTEGER NOT NULL,
    status       TEXT NOT NULL,
    PRIMARY KEY (practitioner, start, appointment)
) STRICT, WITHOUT ROWID;

CREATE INDEX booked_over_a_day ON booked (practitioner, until) WHERE until - start > 86400000;

-- projection of Slot: block-outs and holds.
CREATE TABLE block (
    start    INTEGER NOT NULL,
    id       ANY NOT NULL,
    until    INTEGER NOT NULL,
    schedule ANY NOT NULL,
    hold     INTEGER NOT NULL,
    label    TEXT,
    PRIMARY KEY (start, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX block_over_a_day ON block (until) WHERE until - start > 86400000;

-- projection of Practitioner.
CREATE TABLE practitioner (
    id     TEXT NOT NULL PRIMARY KEY,
    name   TEXT NOT NULL,
    family TEXT NOT NULL,
    active INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- projection of Provenance: which changes touched a resource.
CREATE TABLE touched (
    target     TEXT NOT NULL,
    recorded   INTEGER NOT NULL,
    provenance TEXT NOT NULL,
    PRIMARY KEY (target, recorded, provenance)
) STRICT, WITHOUT ROWID;
