/** Who gets a lead: by rules, by the hours and vacations of people, and by whose turn it is under each rule. */
export const routing = {
  version: 80,
  name: 'routing',
  sql: `
-- Their hours: 'business', 'always' or the id of a calendar of the settings; null: the switch alone decides.
ALTER TABLE member ADD COLUMN calendar TEXT;
-- What they can do, ["roofing", ...].
ALTER TABLE member ADD COLUMN skills TEXT NOT NULL DEFAULT '[]';
-- Most open leads at a time.
ALTER TABLE member ADD COLUMN capacity INTEGER CHECK (capacity > 0);

CREATE TABLE absence (
  id INTEGER PRIMARY KEY, member_id INTEGER NOT NULL REFERENCES member (id),
  starts_at INTEGER NOT NULL, ends_at INTEGER NOT NULL, reason TEXT NOT NULL, CHECK (starts_at < ends_at)
) STRICT;
CREATE INDEX absence_end ON absence (ends_at);

-- What a rule remembers of each of its people: what they are owed by weight, how many of a local day they got, and the
-- number of their last turn.
CREATE TABLE route_state (
  rule_id TEXT NOT NULL, member_id INTEGER NOT NULL REFERENCES member (id), credit INTEGER NOT NULL, day TEXT NOT NULL,
  today INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (rule_id, member_id)
) STRICT, WITHOUT ROWID;
-- The one turn there was goes on as that of the rule that every workspace starts with.
INSERT INTO route_state (rule_id, member_id, credit, day, today, seq)
  SELECT 'everybody', member.id, 0, '', 0, 1 FROM setting JOIN member ON member.id = CAST(setting.value AS INTEGER)
  WHERE setting.key = 'route.turn';
DELETE FROM setting WHERE key = 'route.turn';

-- How much everybody has in hand.
CREATE INDEX lead_load ON lead (owner_id, tier, due_at) WHERE status = 'open' AND owner_id IS NOT NULL;
`,
} as const
