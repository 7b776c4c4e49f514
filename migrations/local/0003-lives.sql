-- truth: the names of the host's lives that `resource.epoch` counts.
CREATE TABLE life (
    number INTEGER NOT NULL PRIMARY KEY,
    name   TEXT NOT NULL
) STRICT;

INSERT INTO life (number, name)
    SELECT CAST(number.value AS INTEGER), name.value FROM meta AS number JOIN meta AS name
    WHERE number.key = '_epoch_number' AND name.key = '_epoch';

-- truth: what a restored host has of a resource whose version here it has lost, until it is given back: the newest that
-- came before ours, and what was made of that since.
CREATE TABLE parted (
    type           TEXT NOT NULL,
    id             TEXT NOT NULL,
    base_version   TEXT,
    base_updated   INTEGER,
    base_dict      INTEGER,
    base_body      BLOB,
    remote_version TEXT,
    remote_updated INTEGER,
    remote_dict    INTEGER,
    remote_body    BLOB,
    PRIMARY KEY (type, id)
) STRICT, WITHOUT ROWID;
