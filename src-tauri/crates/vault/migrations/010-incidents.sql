-- Emergencies: what happened, whose values are in it, and what became of each.
CREATE TABLE incident (
    id        BLOB PRIMARY KEY NOT NULL,
    version   INTEGER NOT NULL,
    reference TEXT NOT NULL UNIQUE,
    opened    INTEGER NOT NULL,
    open      INTEGER NOT NULL,
    content   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
