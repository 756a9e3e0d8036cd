-- To when somebody moved the next rotation of a credential; nothing: it is when the policy says.
ALTER TABLE credential ADD COLUMN moved INTEGER;
