/**
 * Five clocks on any calendar. A clock remembers by which channel, policy and calendar it runs, when it stood still, and
 * what was decided when it ended: an edited calendar changes its deadline and not what people were told then.
 */
export const calendarsAndClocks = {
  version: 70,
  name: 'calendars-and-clocks',
  sql: `
ALTER TABLE clock ADD COLUMN channel TEXT;
-- Id of the exception whose target it has; empty for the tier's own.
ALTER TABLE clock ADD COLUMN policy TEXT NOT NULL DEFAULT '';
ALTER TABLE clock ADD COLUMN calendar TEXT NOT NULL DEFAULT 'business';
ALTER TABLE clock ADD COLUMN tier TEXT;
-- Whose it was when it ended.
ALTER TABLE clock ADD COLUMN owner_id INTEGER REFERENCES member (id);
-- Times when it stood still, [[from, to], ...], and since when it does now.
ALTER TABLE clock ADD COLUMN pauses TEXT NOT NULL DEFAULT '[]';
ALTER TABLE clock ADD COLUMN paused_at INTEGER;
ALTER TABLE clock ADD COLUMN pause_reason TEXT CHECK (pause_reason IN ('snoozed', 'waiting', 'opted_out'));
ALTER TABLE clock ADD COLUMN decided_due_at INTEGER;
ALTER TABLE clock ADD COLUMN decided_state TEXT CHECK (decided_state IN ('met', 'missed'));
-- Why a miss is not counted, in words.
ALTER TABLE clock ADD COLUMN excused TEXT;
UPDATE clock SET tier = (SELECT tier FROM lead WHERE lead.id = clock.lead_id),
  owner_id = (SELECT owner_id FROM lead WHERE lead.id = clock.lead_id AND clock.state != 'running');
UPDATE clock SET decided_due_at = due_at, decided_state = state WHERE state IN ('met', 'missed');

-- Somebody said that it is their turn.
ALTER TABLE lead ADD COLUMN waiting_since INTEGER;
-- What counts as waiting for them: we spoke last or somebody said so, and nothing is owed but to try again.
DROP INDEX lead_waiting;
CREATE INDEX lead_waiting ON lead (sort_key, id, snoozed_until)
  WHERE status = 'open' AND (last_direction = 'out' OR waiting_since IS NOT NULL)
    AND (clock_kind IS NULL OR clock_kind = 'second_touch');

-- Closed days that a calendar of the user's on the web tells, as they were read last.
CREATE TABLE calendar_feed (
  url TEXT PRIMARY KEY, days TEXT NOT NULL, read_at INTEGER, tried_at INTEGER NOT NULL, etag TEXT, problem TEXT
) STRICT;
`,
} as const
