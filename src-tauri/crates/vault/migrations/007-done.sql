-- The time of a calendar for which a credential was replaced already: somebody had moved that to an earlier one.
ALTER TABLE credential ADD COLUMN done INTEGER;
