-- The vault itself: one row that says what the rest must add up to.
CREATE TABLE meta (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    vault           BLOB NOT NULL,
    generation      INTEGER NOT NULL,
    header_revision INTEGER NOT NULL,
    rows_sum        BLOB NOT NULL,
    audit_seq       INTEGER NOT NULL,
    audit_mac       BLOB NOT NULL,
    checked_at      INTEGER
) STRICT;

-- What happened, in order; each entry's mac covers the one before.
CREATE TABLE entry (
    seq        INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    actor      BLOB NOT NULL,
    actor_name TEXT NOT NULL,
    action     TEXT NOT NULL,
    about      BLOB,
    about_name TEXT NOT NULL,
    detail     TEXT NOT NULL,
    mac        BLOB NOT NULL
) STRICT;

-- Heads of the audit log, signed by the member who was there.
CREATE TABLE checkpoint (
    seq        INTEGER PRIMARY KEY,
    mac        BLOB NOT NULL,
    member     BLOB NOT NULL,
    public_key BLOB NOT NULL,
    signature  BLOB NOT NULL
) STRICT;

-- The keys of the audit log from an entry on, sealed with the record key.
CREATE TABLE audit_key (
    first_seq INTEGER PRIMARY KEY,
    sealed    BLOB NOT NULL
) STRICT;

-- When a member was last here.
CREATE TABLE visit (
    member BLOB PRIMARY KEY NOT NULL,
    at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Recovery keys that were proven to be kept, or used.
CREATE TABLE recovery_key (
    slot BLOB PRIMARY KEY NOT NULL,
    used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE credential (
    id      BLOB PRIMARY KEY NOT NULL,
    version INTEGER NOT NULL,
    name    TEXT NOT NULL,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX credential_by_name ON credential (name, id);

-- Secret values, each sealed to its place.
CREATE TABLE secret_value (
    credential BLOB NOT NULL REFERENCES credential (id) ON DELETE CASCADE,
    field      TEXT NOT NULL,
    version    INTEGER NOT NULL,
    sealed     BLOB NOT NULL,
    PRIMARY KEY (credential, field, version)
) STRICT, WITHOUT ROWID;
