-- For counting, which is done after each change: it is the smallest. Not by "archived", or every
-- list would be read through it.
CREATE INDEX credential_there ON credential (paused) WHERE archived IS NULL;
