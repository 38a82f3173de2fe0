/** Who has to hear of which deadline, when it was said, and texts to the phones of the team. */
export const alerts = {
  version: 110,
  name: 'alerts',
  sql: `
-- A step of the ladder of one clock: fell due, waits for somebody who may hear it (\`next_at\`), was said, was seen.
CREATE TABLE alert (
  clock_id INTEGER NOT NULL REFERENCES clock (id) ON DELETE CASCADE,
  percent INTEGER NOT NULL CHECK (percent IN (50, 80, 100)),
  lead_id INTEGER NOT NULL REFERENCES lead (id) ON DELETE CASCADE,
  fell_at INTEGER NOT NULL, said_at INTEGER, next_at INTEGER, seen_at INTEGER,
  PRIMARY KEY (clock_id, percent)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_next ON alert (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX alert_lead ON alert (lead_id) WHERE next_at IS NOT NULL;

-- A text to somebody of the team. It is tried once: late it is worth nothing, twice it is a nuisance.
CREATE TABLE member_text (
  id INTEGER PRIMARY KEY, clock_id INTEGER NOT NULL REFERENCES clock (id) ON DELETE CASCADE,
  percent INTEGER NOT NULL CHECK (percent IN (50, 80, 100)), member_id INTEGER NOT NULL REFERENCES member (id),
  lead_id INTEGER NOT NULL REFERENCES lead (id) ON DELETE CASCADE, to_number TEXT NOT NULL, body TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed')), problem TEXT,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  UNIQUE (clock_id, percent, member_id)
) STRICT;
CREATE INDEX member_text_queued ON member_text (id) WHERE state = 'queued';
CREATE INDEX member_text_lead ON member_text (lead_id, created_at);
`,
} as const
