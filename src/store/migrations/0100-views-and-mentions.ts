/** Views that people keep, notes that call somebody and can be changed, snoozes that a reply does not end. */
export const viewsAndMentions = {
  version: 100,
  name: 'views-and-mentions',
  sql: `
-- A search that stands in the rail. \`query\` is what was typed: inbox/search-query.ts reads it.
CREATE TABLE saved_view (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL CHECK (length(name) > 0), icon TEXT NOT NULL, query TEXT NOT NULL,
  sort TEXT NOT NULL CHECK (sort IN ('due', 'newest', 'score')), position INTEGER NOT NULL,
  created_at INTEGER NOT NULL, removed_at INTEGER
) STRICT;

-- Somebody of the team who was called in a note, and whether they have seen it.
CREATE TABLE mention (
  interaction_id INTEGER NOT NULL REFERENCES interaction (id) ON DELETE CASCADE,
  member_id INTEGER NOT NULL REFERENCES member (id), at INTEGER NOT NULL, seen_at INTEGER,
  PRIMARY KEY (interaction_id, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mention_member ON mention (member_id, seen_at);

-- The texts a note had before it was changed; the note itself holds the newest.
CREATE TABLE note_version (
  interaction_id INTEGER NOT NULL REFERENCES interaction (id) ON DELETE CASCADE, version INTEGER NOT NULL,
  text TEXT NOT NULL, author_id INTEGER REFERENCES member (id), at INTEGER NOT NULL,
  PRIMARY KEY (interaction_id, version)
) STRICT, WITHOUT ROWID;

-- A snooze that lasts even when they write.
ALTER TABLE lead ADD COLUMN snooze_keep INTEGER NOT NULL DEFAULT 0 CHECK (snooze_keep IN (0, 1));

-- Searches for a time, without a word.
CREATE INDEX interaction_at ON interaction (at, id);
-- Who wrote: \`from:\` and \`to:\` with a whole address.
CREATE INDEX mail_from ON mail (from_address);
-- The order "newest first" of a saved view.
CREATE INDEX lead_newest ON lead (last_at, id, snoozed_until) WHERE status = 'open';
`,
} as const
