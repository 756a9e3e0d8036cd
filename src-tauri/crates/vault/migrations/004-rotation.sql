-- Rotation: who issues, who uses, and the runs.
CREATE TABLE issuer_account (
    id      BLOB PRIMARY KEY NOT NULL,
    version INTEGER NOT NULL,
    name    TEXT NOT NULL UNIQUE COLLATE NOCASE,
    setup   TEXT NOT NULL,
    tested  INTEGER,
    changed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE consumer (
    id      BLOB PRIMARY KEY NOT NULL,
    version INTEGER NOT NULL,
    name    TEXT NOT NULL UNIQUE COLLATE NOCASE,
    content TEXT NOT NULL,
    changed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which consumer uses which credential, and how it gets it.
CREATE TABLE binding (
    id         BLOB PRIMARY KEY NOT NULL,
    version    INTEGER NOT NULL,
    credential BLOB NOT NULL REFERENCES credential (id) ON DELETE CASCADE,
    consumer   BLOB NOT NULL REFERENCES consumer (id) ON DELETE CASCADE,
    setup      TEXT NOT NULL,
    verified   INTEGER,
    changed    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX binding_of ON binding (credential);
CREATE INDEX binding_to ON binding (consumer);

-- How a credential is rotated.
CREATE TABLE rotation_setup (
    credential BLOB PRIMARY KEY NOT NULL REFERENCES credential (id) ON DELETE CASCADE,
    version    INTEGER NOT NULL,
    account    BLOB NOT NULL REFERENCES issuer_account (id),
    setup      TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX rotation_by ON rotation_setup (account);

-- Secrets of accounts and bindings, each sealed to its place.
CREATE TABLE setup_secret (
    owner  BLOB NOT NULL,
    place  TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (owner, place)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER account_goes AFTER DELETE ON issuer_account
    BEGIN DELETE FROM setup_secret WHERE owner = old.id; END;
CREATE TRIGGER binding_goes AFTER DELETE ON binding
    BEGIN DELETE FROM setup_secret WHERE owner = old.id; END;

-- Each rotation as it was kept last. Of one credential one is open at most.
CREATE TABLE run (
    id          BLOB PRIMARY KEY NOT NULL,
    credential  BLOB NOT NULL REFERENCES credential (id) ON DELETE CASCADE,
    account     BLOB NOT NULL,
    revision    INTEGER NOT NULL,
    open        INTEGER NOT NULL,
    begun       INTEGER NOT NULL,
    changed     INTEGER NOT NULL,
    old_version INTEGER NOT NULL,
    new_version INTEGER,
    content     TEXT NOT NULL,
    asked       TEXT
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX run_open ON run (credential) WHERE open = 1;
CREATE INDEX run_of ON run (credential, id);

-- What a run went through.
CREATE TABLE run_step (
    run      BLOB NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    state    TEXT NOT NULL,
    action   TEXT NOT NULL,
    note     TEXT NOT NULL,
    PRIMARY KEY (run, revision)
) STRICT, WITHOUT ROWID;

-- Which marks were given to keys. They outlive their runs: a key with one of them is ours for ever.
CREATE TABLE mark (
    text TEXT PRIMARY KEY NOT NULL,
    run  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Keys that may live at an issuer without being of use.
CREATE TABLE orphan (
    account BLOB NOT NULL,
    mark    TEXT NOT NULL,
    key     TEXT,
    run     BLOB NOT NULL,
    since   INTEGER NOT NULL,
    PRIMARY KEY (account, mark)
) STRICT, WITHOUT ROWID;

-- What a rotation changed with a version besides its secret values; nothing: what the credential says.
ALTER TABLE value_version ADD COLUMN fields TEXT;
ALTER TABLE value_version ADD COLUMN expires INTEGER;
