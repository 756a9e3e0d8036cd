-- The inventory. What was there of credentials moves over; a table that others refer to cannot be
-- dropped before them.
CREATE TABLE kept_credential AS SELECT * FROM credential;
CREATE TABLE kept_value AS SELECT * FROM secret_value;
DROP TABLE secret_value;
DROP TABLE credential;

CREATE TABLE credential (
    row         INTEGER PRIMARY KEY,
    id          BLOB NOT NULL UNIQUE,
    version     INTEGER NOT NULL,
    name        TEXT NOT NULL COLLATE NOCASE,
    kind        TEXT NOT NULL,
    environment TEXT NOT NULL,
    owner       TEXT NOT NULL,
    issuer      TEXT NOT NULL,
    risk        TEXT NOT NULL,
    tags        TEXT NOT NULL,
    policy      TEXT NOT NULL,
    expires     INTEGER,
    rotates     INTEGER,
    due         INTEGER,
    soon        INTEGER,
    rotated     INTEGER NOT NULL,
    verified    INTEGER,
    used        INTEGER,
    paused      INTEGER NOT NULL,
    compromised INTEGER NOT NULL,
    archived    INTEGER,
    created     INTEGER NOT NULL,
    changed     INTEGER NOT NULL,
    reveals     INTEGER NOT NULL,
    copies      INTEGER NOT NULL,
    rotations   INTEGER NOT NULL,
    refreshes   INTEGER NOT NULL,
    failures    INTEGER NOT NULL,
    request     TEXT,
    key_id      TEXT NOT NULL,
    description TEXT NOT NULL,
    notes       TEXT NOT NULL,
    fields      TEXT NOT NULL,
    facts       TEXT NOT NULL
) STRICT;
CREATE INDEX credential_by_name ON credential (name) WHERE archived IS NULL;
CREATE INDEX credential_by_due ON credential (due) WHERE archived IS NULL AND due IS NOT NULL;
CREATE UNIQUE INDEX credential_by_request ON credential (request) WHERE request IS NOT NULL;

-- The values of a credential, without the values.
CREATE TABLE value_version (
    credential BLOB NOT NULL REFERENCES credential (id) ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    stage      TEXT NOT NULL,
    key_id     TEXT NOT NULL,
    created    INTEGER NOT NULL,
    by_name    TEXT NOT NULL,
    retired    INTEGER,
    PRIMARY KEY (credential, number)
) STRICT, WITHOUT ROWID;

-- Secret values, each sealed to its place.
CREATE TABLE secret_value (
    credential BLOB NOT NULL REFERENCES credential (id) ON DELETE CASCADE,
    field      TEXT NOT NULL,
    version    INTEGER NOT NULL,
    sealed     BLOB NOT NULL,
    PRIMARY KEY (credential, field, version)
) STRICT, WITHOUT ROWID;

-- Which credentials have a tag. The credential's own row has them too.
CREATE TABLE tag (
    name       TEXT NOT NULL COLLATE NOCASE,
    credential INTEGER NOT NULL,
    PRIMARY KEY (name, credential)
) STRICT, WITHOUT ROWID;

-- Policies of the vault's own.
CREATE TABLE policy (
    id      BLOB PRIMARY KEY NOT NULL,
    version INTEGER NOT NULL,
    name    TEXT NOT NULL UNIQUE COLLATE NOCASE,
    content TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Questions that somebody kept.
CREATE TABLE saved_view (
    id      BLOB PRIMARY KEY NOT NULL,
    name    TEXT NOT NULL UNIQUE COLLATE NOCASE,
    content TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Which words lead to which credential. It holds no text that is not in the rows.
CREATE VIRTUAL TABLE finder USING fts5 (
    name, tags, owner, issuer, key_id, notes,
    content = '', contentless_delete = 1, detail = column, prefix = '1 2 3',
    tokenize = "unicode61 remove_diacritics 2"
);

-- The words themselves, for questions with a typing error.
CREATE VIRTUAL TABLE finder_word USING fts5vocab (finder, row);
-- Where each stands, for the check of the vault.
CREATE VIRTUAL TABLE finder_place USING fts5vocab (finder, instance);

CREATE INDEX entry_by_about ON entry (about, seq) WHERE about IS NOT NULL;

INSERT INTO credential (
    id, version, name, kind, environment, owner, issuer, risk, tags, policy, rotated, paused,
    compromised, created, changed, reveals, copies, rotations, refreshes, failures, key_id,
    description, notes, fields, facts)
SELECT id, version, name, 'secret', '', '', '', 'standard', '', 'none', created, 0, 0, created,
    changed, 0, 0, 0, 0, 0, '', '', '', '{}', '{}'
FROM kept_credential ORDER BY id;
INSERT INTO finder (rowid, name, tags, owner, issuer, key_id, notes)
SELECT row, name, '', '', '', '', '' FROM credential;
INSERT INTO secret_value SELECT * FROM kept_value;
INSERT INTO value_version (credential, number, stage, key_id, created, by_name)
SELECT v.credential, v.version, CASE v.version WHEN (
        SELECT max(version) FROM kept_value WHERE credential = v.credential)
    THEN 'current' ELSE 'retired' END, '', c.created, ''
FROM kept_value v JOIN kept_credential c ON c.id = v.credential;
DROP TABLE kept_credential;
DROP TABLE kept_value;
