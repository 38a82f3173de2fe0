/** Labels of people, views in the order of fit or of engagement, and the words that the search knows. */
export const labelsAndSorts = {
  version: 160,
  name: 'labels-and-sorts',
  sql: `
-- \`key\`: the name in lower case without accents, so that "VIP" and "vip" are one. A removed label keeps its people, for taking it back.
CREATE TABLE label (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL CHECK (length(name) > 0), key TEXT NOT NULL CHECK (length(key) > 0),
  created_at INTEGER NOT NULL, removed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX label_key ON label (key) WHERE removed_at IS NULL;

-- Labels are worn by people, so they stay from one lead to the next. Whoever was merged may wear one twice: each row
-- goes back to whom it came from.
CREATE TABLE person_label (
  id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES person (id),
  label_id INTEGER NOT NULL REFERENCES label (id), at INTEGER NOT NULL, author_id INTEGER REFERENCES member (id)
) STRICT;
CREATE INDEX person_label_person ON person_label (person_id, label_id);
CREATE INDEX person_label_label ON person_label (label_id, person_id);

-- The check of the order cannot be changed in place.
CREATE TABLE saved_view_new (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL CHECK (length(name) > 0), icon TEXT NOT NULL, query TEXT NOT NULL,
  sort TEXT NOT NULL CHECK (sort IN ('due', 'newest', 'score', 'fit', 'engagement')), position INTEGER NOT NULL,
  created_at INTEGER NOT NULL, removed_at INTEGER
) STRICT;
INSERT INTO saved_view_new (id, name, icon, query, sort, position, created_at, removed_at)
  SELECT id, name, icon, query, sort, position, created_at, removed_at FROM saved_view;
DROP TABLE saved_view;
ALTER TABLE saved_view_new RENAME TO saved_view;

-- Leads without points come last.
CREATE INDEX lead_fit ON lead (coalesce(fit, -1), id, snoozed_until) WHERE status = 'open';
CREATE INDEX lead_engagement ON lead (coalesce(engagement, -1), id, snoozed_until) WHERE status = 'open';

-- The words of the index: which of them begin with what somebody types (queries/search-complete.ts). Keeps nothing of its own.
CREATE VIRTUAL TABLE interaction_word USING fts5vocab (interaction_search, instance);
`,
} as const
