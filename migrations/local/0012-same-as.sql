-- projection of Patient: the record that a record was merged into.
CREATE TABLE same_as (
    no    INTEGER NOT NULL PRIMARY KEY,
    other TEXT NOT NULL
) STRICT;

CREATE INDEX same_as_by_other ON same_as (other);
