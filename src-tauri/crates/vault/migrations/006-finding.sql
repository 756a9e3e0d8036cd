-- What a search found and a person accepted: what a binding rests on, or where a value lies open.
CREATE TABLE finding (
    credential BLOB NOT NULL REFERENCES credential (id) ON DELETE CASCADE,
    content    TEXT NOT NULL,
    binding    BLOB REFERENCES binding (id) ON DELETE CASCADE,
    seen       INTEGER NOT NULL,
    PRIMARY KEY (credential, content)
) STRICT, WITHOUT ROWID;
CREATE INDEX finding_of ON finding (binding);
