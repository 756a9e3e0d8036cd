-- What was told of a date of a credential. Of another date than that it says nothing.
CREATE TABLE reminder (
    credential BLOB NOT NULL REFERENCES credential (id) ON DELETE CASCADE,
    deadline   TEXT NOT NULL,
    at         INTEGER NOT NULL,
    told       TEXT NOT NULL,
    moment     INTEGER NOT NULL,
    notice     INTEGER NOT NULL,
    shown      INTEGER NOT NULL,
    snoozed    INTEGER,
    done       INTEGER,
    PRIMARY KEY (credential, deadline)
) STRICT, WITHOUT ROWID;

-- What is not told, and why.
CREATE TABLE mute (
    id      BLOB PRIMARY KEY NOT NULL,
    content TEXT NOT NULL,
    by_name TEXT NOT NULL,
    since   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
