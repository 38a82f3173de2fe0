/** How leads ended, and what was learnt of it: models, and the chance they give each lead. */
export const outcomes = {
  version: 120,
  name: 'outcomes',
  sql: `
-- How it ended; null while nobody said. A lead that is done without an outcome was only put aside.
ALTER TABLE lead ADD COLUMN outcome TEXT CHECK (outcome IN ('won', 'lost', 'disqualified'));
ALTER TABLE lead ADD COLUMN outcome_at INTEGER;
-- Of won leads, in minor units.
ALTER TABLE lead ADD COLUMN value_minor INTEGER CHECK (value_minor >= 0);
ALTER TABLE lead ADD COLUMN currency TEXT CHECK (length(currency) = 3);
-- Why it was lost or disqualified: one of the list of the workspace, and in words.
ALTER TABLE lead ADD COLUMN outcome_reason TEXT;
ALTER TABLE lead ADD COLUMN outcome_note TEXT;
ALTER TABLE lead ADD COLUMN competitor TEXT;
-- When to ask them again.
ALTER TABLE lead ADD COLUMN revisit_at INTEGER;
-- First moments: called good by score or rule; marked as fitting; marked as fitting after both sides had spoken.
ALTER TABLE lead ADD COLUMN mql_at INTEGER;
ALTER TABLE lead ADD COLUMN qualified_at INTEGER;
ALTER TABLE lead ADD COLUMN sql_at INTEGER;
-- How likely it is won, by which model, and when that was foreseen. Stays as it was when the lead ends.
ALTER TABLE lead ADD COLUMN chance REAL CHECK (chance BETWEEN 0 AND 1);
ALTER TABLE lead ADD COLUMN chance_model INTEGER;
ALTER TABLE lead ADD COLUMN chance_at INTEGER;

CREATE INDEX lead_outcome ON lead (outcome_at, id, outcome) WHERE outcome IS NOT NULL;
CREATE INDEX lead_revisit ON lead (revisit_at, id) WHERE revisit_at IS NOT NULL;

-- One row a training. \`state\`: refused (why in \`reason\`), shadow (shown beside the rules), ready (may decide the tier).
-- \`model\`, \`report\`: JSON of score/predict and score/learn.
CREATE TABLE score_model (
  id INTEGER PRIMARY KEY, trained_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('refused', 'shadow', 'ready')), reason TEXT NOT NULL,
  outcomes INTEGER NOT NULL, won INTEGER NOT NULL, model TEXT, report TEXT NOT NULL
) STRICT;
`,
} as const
