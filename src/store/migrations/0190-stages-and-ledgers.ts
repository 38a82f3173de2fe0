/** Where a lead stands, by what happened to it; and why it has its score, as one row. */
export const stagesAndLedgers = {
  version: 190,
  name: 'stages-and-ledgers',
  sql: `
-- It follows from what is known, so nothing can forget to move it. Was 'new' for every lead.
ALTER TABLE lead DROP COLUMN stage;
ALTER TABLE lead ADD COLUMN stage TEXT GENERATED ALWAYS AS (
  CASE
    WHEN outcome IS NOT NULL THEN outcome
    WHEN qualified_at IS NOT NULL THEN 'qualified'
    WHEN first_human_at IS NOT NULL THEN 'contacted'
    ELSE 'new'
  END
) VIRTUAL;

-- The entries of a score are written and compared together, a hundred thousand leads at a time: one row each.
-- JSON: [[rule, points, reason, kind, raw, axis, at], ...] in the order of the rules' ids.
CREATE TABLE score_ledger (
  lead_id INTEGER PRIMARY KEY REFERENCES lead (id) ON DELETE CASCADE, entries TEXT NOT NULL
) STRICT;
INSERT INTO score_ledger (lead_id, entries)
  SELECT lead_id, json_group_array(json_array(rule, points, reason, kind, raw, axis, at) ORDER BY rule)
  FROM score_entry GROUP BY lead_id;
DROP TABLE score_entry;
`,
} as const
