/**
 * What is known of people beside their row: every value with who said so and when, the services that may be asked, and
 * each question that was put to one of them.
 */
export const enrichment = {
  version: 40,
  name: 'enrichment',
  sql: `
-- A service that knows things about people, on the user's own key. The key is with the host, never here.
CREATE TABLE provider (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, settings TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('off', 'on', 'stopped')), problem TEXT,
  created_at INTEGER NOT NULL, removed_at INTEGER
) STRICT;

-- One question about one person. cost is what it has cost so far, in thousandths of the provider's currency unit:
-- prices of a record start below a cent.
CREATE TABLE lookup (
  id INTEGER PRIMARY KEY, provider_id INTEGER NOT NULL REFERENCES provider (id),
  person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE, subject TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'asking', 'found', 'nothing', 'failed')),
  not_before INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, claimed_at INTEGER,
  cost INTEGER NOT NULL DEFAULT 0, answer TEXT, problem TEXT,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX lookup_queued ON lookup (not_before, id) WHERE state = 'queued';
CREATE INDEX lookup_asking ON lookup (id) WHERE state = 'asking';
CREATE INDEX lookup_claimed ON lookup (provider_id, claimed_at) WHERE claimed_at IS NOT NULL;
CREATE INDEX lookup_person ON lookup (person_id, provider_id, created_at);
CREATE INDEX lookup_subject ON lookup (provider_id, subject, created_at);

-- Every value that anybody gave for a field of a person. The person row shows the best of them; a reverted one stays,
-- so that the same mail does not bring it back. An empty value is a field that somebody emptied on purpose.
CREATE TABLE person_field (
  id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  field TEXT NOT NULL, value TEXT NOT NULL, words TEXT,
  origin TEXT NOT NULL CHECK (origin IN (
    'typed', 'form', 'signature', 'text', 'card', 'provider', 'channel', 'address', 'domain', 'earlier')),
  confidence INTEGER NOT NULL CHECK (confidence BETWEEN 0 AND 100), at INTEGER NOT NULL,
  interaction_id INTEGER REFERENCES interaction (id) ON DELETE SET NULL,
  provider_id INTEGER REFERENCES provider (id), lookup_id INTEGER REFERENCES lookup (id) ON DELETE SET NULL,
  author_id INTEGER REFERENCES member (id), reverted_at INTEGER
) STRICT;
CREATE INDEX person_field_person ON person_field (person_id, field);
CREATE INDEX person_field_interaction ON person_field (interaction_id) WHERE interaction_id IS NOT NULL;
CREATE INDEX person_field_provider ON person_field (provider_id, person_id) WHERE provider_id IS NOT NULL;
CREATE INDEX person_field_lookup ON person_field (lookup_id) WHERE lookup_id IS NOT NULL;

-- How far old mail was read for what it says of its writers. Up to older_than everything is read; above it only what
-- belongs to no lead, since the rest is read when it comes in.
CREATE TABLE reading_mark (
  id INTEGER PRIMARY KEY CHECK (id = 1), read_up_to INTEGER NOT NULL, older_than INTEGER NOT NULL
) STRICT;
INSERT INTO reading_mark (id, read_up_to, older_than) SELECT 1, 0, coalesce(max(id), 0) FROM interaction;
`,
} as const
