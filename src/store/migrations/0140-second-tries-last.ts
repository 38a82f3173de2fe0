/**
 * Order of the list: first what we owe to people who wait for us, then whom to try again, then the rest. A second try
 * that is late since yesterday must not stand above a hot lead that has a minute left. A hundred years put it behind.
 */
export const secondTriesLast = {
  version: 140,
  name: 'second-tries-last',
  sql: `
DROP INDEX lead_inbox;
DROP INDEX lead_tier;
DROP INDEX lead_owner;
DROP INDEX lead_waiting;
DROP INDEX lead_missed;
DROP INDEX lead_all;
ALTER TABLE lead DROP COLUMN sort_key;
ALTER TABLE lead ADD COLUMN sort_key INTEGER GENERATED ALWAYS AS (
  CASE WHEN clock_kind = 'second_touch' THEN due_at + 3155760000000
    ELSE coalesce(due_at, 8640000000000000 - last_at) END
) VIRTUAL;
CREATE INDEX lead_inbox ON lead (sort_key, id, snoozed_until) WHERE status = 'open';
CREATE INDEX lead_tier ON lead (tier, sort_key, id, snoozed_until) WHERE status = 'open';
CREATE INDEX lead_owner ON lead (owner_id, sort_key, id, snoozed_until) WHERE status = 'open';
CREATE INDEX lead_waiting ON lead (sort_key, id, snoozed_until)
  WHERE status = 'open' AND (last_direction = 'out' OR waiting_since IS NOT NULL)
    AND (clock_kind IS NULL OR clock_kind = 'second_touch');
CREATE INDEX lead_missed ON lead (sort_key, id, snoozed_until) WHERE status = 'open' AND missed_call = 1;
CREATE INDEX lead_all ON lead (sort_key, id);
-- The list of what is due; lead_due counts what is late and at risk.
CREATE INDEX lead_due_list ON lead (sort_key, id, snoozed_until) WHERE status = 'open' AND due_at IS NOT NULL;
`,
} as const
