-- Where the team is told what happens.
CREATE TABLE channel (
    id      BLOB PRIMARY KEY NOT NULL,
    version INTEGER NOT NULL,
    name    TEXT NOT NULL UNIQUE,
    content TEXT NOT NULL,
    since   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER channel_goes AFTER DELETE ON channel
    BEGIN DELETE FROM setup_secret WHERE owner = old.id; END;

-- What is told there, of each event once. What is settled stays a while, so that it is not told again.
CREATE TABLE message (
    id      INTEGER PRIMARY KEY NOT NULL,
    channel BLOB NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
    event   TEXT NOT NULL,
    at      INTEGER NOT NULL,
    subject TEXT NOT NULL,
    text    TEXT NOT NULL,
    state   TEXT NOT NULL,
    tries   INTEGER NOT NULL,
    next    INTEGER NOT NULL,
    fault   TEXT,
    UNIQUE (channel, event)
) STRICT;
CREATE INDEX message_next ON message (next) WHERE state = 'waiting';
