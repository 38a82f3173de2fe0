/** Whoever is called in a note hears of it once: on their own desk, and on their phone when they asked for texts. */
export const mentionsTold = {
  version: 170,
  name: 'mentions-told',
  sql: `
ALTER TABLE mention ADD COLUMN told_at INTEGER;
ALTER TABLE mention ADD COLUMN texted_at INTEGER;
-- What was written before is no news.
UPDATE mention SET told_at = at, texted_at = at;

-- A text to somebody of the team is about a deadline, or about a note that calls them.
CREATE TABLE new_member_text (
  id INTEGER PRIMARY KEY, clock_id INTEGER REFERENCES clock (id) ON DELETE CASCADE,
  percent INTEGER CHECK (percent IN (50, 80, 100)), member_id INTEGER NOT NULL REFERENCES member (id),
  lead_id INTEGER REFERENCES lead (id) ON DELETE CASCADE,
  interaction_id INTEGER REFERENCES interaction (id) ON DELETE CASCADE, to_number TEXT NOT NULL, body TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed')), problem TEXT,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  UNIQUE (clock_id, percent, member_id), UNIQUE (interaction_id, member_id),
  CHECK ((clock_id IS NULL) <> (interaction_id IS NULL))
) STRICT;
INSERT INTO new_member_text (id, clock_id, percent, member_id, lead_id, to_number, body, state, problem, created_at, updated_at)
  SELECT id, clock_id, percent, member_id, lead_id, to_number, body, state, problem, created_at, updated_at FROM member_text;
DROP TABLE member_text;
ALTER TABLE new_member_text RENAME TO member_text;
CREATE INDEX member_text_queued ON member_text (id) WHERE state = 'queued';
CREATE INDEX member_text_lead ON member_text (lead_id, created_at);
`,
} as const
