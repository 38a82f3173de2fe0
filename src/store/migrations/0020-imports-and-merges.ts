/**
 * Lists that are read in, people who turn out to be one, and where everybody came from: every person and every lead has
 * at least one row in `source_touch`, also those that were there before this step.
 */
export const importsAndMerges = {
  version: 20,
  name: 'imports-and-merges',
  sql: `
-- Where they came from, each time: the first row is the first touch and never changes, the newest is the last touch.
CREATE TABLE source_touch (
  id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES person (id), lead_id INTEGER REFERENCES lead (id),
  interaction_id INTEGER REFERENCES interaction (id), at INTEGER NOT NULL,
  source TEXT NOT NULL CHECK (length(source) > 0), detail TEXT NOT NULL,
  by_hand TEXT, referrer_id INTEGER REFERENCES person (id)
) STRICT;
CREATE INDEX source_touch_person ON source_touch (person_id, at, id);
CREATE INDEX source_touch_lead ON source_touch (lead_id, at, id) WHERE lead_id IS NOT NULL;
CREATE INDEX source_touch_interaction ON source_touch (interaction_id) WHERE interaction_id IS NOT NULL;
CREATE INDEX source_touch_referrer ON source_touch (referrer_id) WHERE referrer_id IS NOT NULL;

INSERT INTO source_touch (person_id, lead_id, at, source, detail)
  SELECT person_id, id, opened_at, source, source_detail FROM lead ORDER BY opened_at, id;
-- People who never were a lead: by the first thing that is known of them.
INSERT INTO source_touch (person_id, at, source, detail)
  SELECT person.id, person.created_at,
    coalesce((
      SELECT CASE channel WHEN 'email' THEN 'E-mail' WHEN 'sms' THEN 'Text message' WHEN 'whatsapp' THEN 'WhatsApp'
        WHEN 'call' THEN 'Phone call' WHEN 'form' THEN 'Web form' ELSE 'Added by hand' END
      FROM interaction WHERE interaction.person_id = person.id ORDER BY at, id LIMIT 1
    ), 'Added by hand'), '{}'
  FROM person WHERE NOT EXISTS (SELECT 1 FROM lead WHERE lead.person_id = person.id);

-- Outbound: somebody we want to reach and who never asked. They have not agreed to texts.
ALTER TABLE lead ADD COLUMN origin TEXT NOT NULL DEFAULT 'inbound' CHECK (origin IN ('inbound', 'outbound'));
ALTER TABLE handle ADD COLUMN consent TEXT NOT NULL DEFAULT 'implied' CHECK (consent IN ('none', 'implied', 'given'));

-- Two people who are one. The row of the one who was merged away stays, so that it can be taken back.
ALTER TABLE person ADD COLUMN merged_into INTEGER REFERENCES person (id);
CREATE INDEX person_merged ON person (merged_into) WHERE merged_into IS NOT NULL;
ALTER TABLE lead ADD COLUMN merged_into INTEGER REFERENCES lead (id);
CREATE INDEX lead_merged ON lead (merged_into) WHERE merged_into IS NOT NULL;
-- The address or number by which an interaction found its person, where its own row does not say so.
ALTER TABLE interaction ADD COLUMN handle TEXT;

CREATE TABLE person_merge (
  id INTEGER PRIMARY KEY, kept_id INTEGER NOT NULL REFERENCES person (id), gone_id INTEGER NOT NULL REFERENCES person (id),
  at INTEGER NOT NULL, author_id INTEGER REFERENCES member (id), data TEXT NOT NULL, undone_at INTEGER
) STRICT;
CREATE INDEX person_merge_kept ON person_merge (kept_id, id);
CREATE INDEX person_merge_gone ON person_merge (gone_id, id);

-- Somebody said that these two are not the same.
CREATE TABLE distinct_people (
  low_id INTEGER NOT NULL REFERENCES person (id), high_id INTEGER NOT NULL REFERENCES person (id),
  at INTEGER NOT NULL, PRIMARY KEY (low_id, high_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX distinct_people_high ON distinct_people (high_id);

CREATE TABLE import_run (
  id INTEGER PRIMARY KEY, file_name TEXT NOT NULL, format TEXT NOT NULL CHECK (format IN ('csv', 'vcard')),
  blob TEXT NOT NULL, plan TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN (
    'opened', 'checking', 'checked', 'running', 'stopped', 'done', 'undoing', 'undone', 'failed')),
  problem TEXT, total INTEGER NOT NULL, next_row INTEGER NOT NULL,
  author_id INTEGER REFERENCES member (id), created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX import_run_busy ON import_run (state) WHERE state IN ('checking', 'running', 'undoing');

CREATE TABLE import_row (
  import_id INTEGER NOT NULL REFERENCES import_run (id), line INTEGER NOT NULL, name TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('create', 'update', 'duplicate', 'reject')), reason TEXT NOT NULL,
  -- Null until it is really in: what it did, for the undo. No reference: whoever it made may be gone again.
  person_id INTEGER, done TEXT, PRIMARY KEY (import_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_row_verdict ON import_row (import_id, verdict, line);

-- What an undo takes away must be found without reading everything.
CREATE INDEX event_lead ON event (lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX clock_stopped_by ON clock (stopped_by) WHERE stopped_by IS NOT NULL;
CREATE TRIGGER interaction_search_delete AFTER DELETE ON interaction BEGIN
  INSERT INTO interaction_search (interaction_search, rowid, subject, text, quoted)
    VALUES ('delete', old.id, old.subject, old.text, old.quoted);
END;
`,
} as const
