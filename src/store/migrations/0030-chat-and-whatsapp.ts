/**
 * WhatsApp and live chat as ways to write to somebody. SQLite cannot change a CHECK in place: both tables are made anew,
 * with the same rows. Nothing refers to either, so that dropping them breaks no foreign key.
 */
export const chatAndWhatsApp = {
  version: 30,
  name: 'chat-and-whatsapp',
  sql: `
-- A chat visitor has no address yet: value is what the widget in their browser is known by.
CREATE TABLE handle_new (
  id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES person (id),
  kind TEXT NOT NULL CHECK (kind IN ('email', 'phone', 'chat')), value TEXT NOT NULL, label TEXT,
  valid INTEGER NOT NULL DEFAULT 1 CHECK (valid IN (0, 1)), opted_out_at INTEGER,
  last_used_at INTEGER NOT NULL, created_at INTEGER NOT NULL,
  consent TEXT NOT NULL DEFAULT 'implied' CHECK (consent IN ('none', 'implied', 'given')), UNIQUE (kind, value)
) STRICT;
INSERT INTO handle_new (id, person_id, kind, value, label, valid, opted_out_at, last_used_at, created_at, consent)
  SELECT id, person_id, kind, value, label, valid, opted_out_at, last_used_at, created_at, consent FROM handle;
DROP TABLE handle;
ALTER TABLE handle_new RENAME TO handle;
CREATE INDEX handle_person ON handle (person_id);

CREATE TABLE job_new (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('email', 'sms', 'call', 'whatsapp', 'chat')),
  account_id INTEGER NOT NULL REFERENCES account (id), person_id INTEGER NOT NULL REFERENCES person (id),
  interaction_id INTEGER NOT NULL REFERENCES interaction (id), payload TEXT NOT NULL,
  template_id INTEGER REFERENCES template (id),
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'committing', 'sent', 'failed', 'cancelled')),
  not_before INTEGER NOT NULL, attempts INTEGER NOT NULL, claimed_at INTEGER, last_error TEXT,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
INSERT INTO job_new (id, kind, account_id, person_id, interaction_id, payload, template_id, state, not_before, attempts,
    claimed_at, last_error, created_at, updated_at)
  SELECT id, kind, account_id, person_id, interaction_id, payload, template_id, state, not_before, attempts,
    claimed_at, last_error, created_at, updated_at FROM job;
DROP TABLE job;
ALTER TABLE job_new RENAME TO job;
CREATE INDEX job_open ON job (not_before) WHERE state IN ('queued', 'sending', 'committing');
CREATE INDEX job_interaction ON job (interaction_id);
CREATE INDEX job_person ON job (person_id, state);

-- What is known of a browser that chats: the key that answers are locked with, whether somebody is still there, and the
-- address and number they gave, which prove nothing: somebody else's stay that person's and only make them a suggestion.
CREATE TABLE chat_visitor (
  visitor TEXT PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES account (id),
  public_key TEXT NOT NULL, page TEXT, email TEXT, phone TEXT, seen_at INTEGER NOT NULL, left_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX chat_visitor_here ON chat_visitor (account_id, seen_at) WHERE left_at IS NULL;
CREATE INDEX chat_visitor_email ON chat_visitor (email) WHERE email IS NOT NULL;
CREATE INDEX chat_visitor_phone ON chat_visitor (phone) WHERE phone IS NOT NULL;
`,
} as const
