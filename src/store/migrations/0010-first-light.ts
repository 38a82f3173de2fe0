/**
 * The first schema. STRICT tables, so that a wrong type is an error here and not a surprise later.
 * Never edited after release: test/unit/store/migrations.test.ts holds its hash.
 */
export const firstLight = {
  version: 10,
  name: 'first-light',
  sql: `
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE member (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT, mobile TEXT,
  on_duty INTEGER NOT NULL CHECK (on_duty IN (0, 1)), created_at INTEGER NOT NULL, removed_at INTEGER
) STRICT;

CREATE TABLE account (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, label TEXT NOT NULL, settings TEXT NOT NULL,
  state TEXT NOT NULL, state_message TEXT NOT NULL, state_detail TEXT,
  last_event_at INTEGER, last_ok_at INTEGER, last_error_at INTEGER, last_error TEXT, next_retry_at INTEGER,
  seen INTEGER NOT NULL DEFAULT 0, taken INTEGER NOT NULL DEFAULT 0, skipped INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL, removed_at INTEGER
) STRICT;

CREATE TABLE cursor (
  account_id INTEGER NOT NULL REFERENCES account (id), scope TEXT NOT NULL, value TEXT NOT NULL,
  updated_at INTEGER NOT NULL, PRIMARY KEY (account_id, scope)
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, name_rank INTEGER NOT NULL, company TEXT, title TEXT,
  region TEXT, zone TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE handle (
  id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES person (id),
  kind TEXT NOT NULL CHECK (kind IN ('email', 'phone')), value TEXT NOT NULL, label TEXT,
  valid INTEGER NOT NULL DEFAULT 1 CHECK (valid IN (0, 1)), opted_out_at INTEGER,
  last_used_at INTEGER NOT NULL, created_at INTEGER NOT NULL, UNIQUE (kind, value)
) STRICT;
CREATE INDEX handle_person ON handle (person_id);

CREATE TABLE lead (
  id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES person (id),
  status TEXT NOT NULL CHECK (status IN ('open', 'done', 'not_lead')), stage TEXT NOT NULL,
  owner_id INTEGER REFERENCES member (id), owner_reason TEXT,
  source TEXT NOT NULL CHECK (length(source) > 0), source_detail TEXT NOT NULL,
  score INTEGER NOT NULL CHECK (score BETWEEN 0 AND 100), tier TEXT NOT NULL CHECK (tier IN ('hot', 'warm', 'nurture')),
  opened_at INTEGER NOT NULL, done_at INTEGER, snoozed_until INTEGER,
  first_auto_at INTEGER, first_human_at INTEGER,
  clock_kind TEXT, clock_started_at INTEGER, risk_at INTEGER, due_at INTEGER,
  last_at INTEGER NOT NULL, last_channel TEXT NOT NULL, last_direction TEXT NOT NULL, preview TEXT NOT NULL,
  missed_call INTEGER NOT NULL DEFAULT 0 CHECK (missed_call IN (0, 1)),
  outbox TEXT NOT NULL DEFAULT 'idle' CHECK (outbox IN ('idle', 'sending', 'failed')),
  sort_key INTEGER GENERATED ALWAYS AS (coalesce(due_at, 8640000000000000 - last_at)) STORED
) STRICT;
-- One row a person in the list: at most one lead of a person is not over.
CREATE UNIQUE INDEX lead_person_open ON lead (person_id) WHERE status = 'open';
CREATE INDEX lead_person ON lead (person_id, opened_at);
-- One index a view of the list, each in the order of its pages and with what decides and counts it (see queries/inbox.ts).
CREATE INDEX lead_inbox ON lead (sort_key, id, snoozed_until) WHERE status = 'open';
CREATE INDEX lead_tier ON lead (tier, sort_key, id, snoozed_until) WHERE status = 'open';
CREATE INDEX lead_owner ON lead (owner_id, sort_key, id, snoozed_until) WHERE status = 'open';
CREATE INDEX lead_due ON lead (due_at, id, risk_at, snoozed_until) WHERE status = 'open' AND due_at IS NOT NULL;
CREATE INDEX lead_waiting ON lead (sort_key, id, snoozed_until)
  WHERE status = 'open' AND due_at IS NULL AND last_direction = 'out';
CREATE INDEX lead_missed ON lead (sort_key, id, snoozed_until) WHERE status = 'open' AND missed_call = 1;
CREATE INDEX lead_snoozed ON lead (snoozed_until, id, status) WHERE snoozed_until IS NOT NULL;
CREATE INDEX lead_done ON lead (done_at, id) WHERE done_at IS NOT NULL;
CREATE INDEX lead_all ON lead (sort_key, id);

CREATE TABLE interaction (
  id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES person (id),
  lead_id INTEGER REFERENCES lead (id), account_id INTEGER REFERENCES account (id),
  channel TEXT NOT NULL, direction TEXT NOT NULL CHECK (direction IN ('in', 'out', 'internal')), at INTEGER NOT NULL,
  author_id INTEGER REFERENCES member (id), automatic INTEGER NOT NULL CHECK (automatic IN (0, 1)),
  subject TEXT NOT NULL, text TEXT NOT NULL, quoted TEXT,
  delivery TEXT NOT NULL, problem TEXT, created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX interaction_timeline ON interaction (person_id, at, id);
CREATE INDEX interaction_lead ON interaction (lead_id, at, id);

CREATE TABLE inbound_item (
  id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES account (id), external_id TEXT NOT NULL,
  revision TEXT NOT NULL, interaction_id INTEGER REFERENCES interaction (id), received_at INTEGER NOT NULL,
  payload BLOB, payload_blob TEXT, UNIQUE (account_id, external_id)
) STRICT;
CREATE INDEX inbound_item_interaction ON inbound_item (interaction_id);
CREATE INDEX inbound_item_revision ON inbound_item (account_id, revision);

CREATE TABLE mail (
  interaction_id INTEGER PRIMARY KEY REFERENCES interaction (id), message_id TEXT, thread_id INTEGER NOT NULL,
  from_address TEXT NOT NULL, to_addresses TEXT NOT NULL, cited TEXT NOT NULL, html TEXT, robot TEXT
) STRICT;
-- Not unique: different mails share a Message-ID in the wild.
CREATE INDEX mail_message_id ON mail (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX mail_thread ON mail (thread_id);

CREATE TABLE call (
  interaction_id INTEGER PRIMARY KEY REFERENCES interaction (id), from_number TEXT NOT NULL, to_number TEXT NOT NULL,
  result TEXT NOT NULL, outcome INTEGER CHECK (outcome BETWEEN 0 AND 9), note TEXT,
  answered_at INTEGER, ended_at INTEGER, duration_ms INTEGER,
  manual INTEGER NOT NULL CHECK (manual IN (0, 1)), recording_id INTEGER REFERENCES attachment (id)
) STRICT;
CREATE INDEX call_open ON call (result) WHERE result IN ('ringing', 'in_progress');
CREATE INDEX call_no_outcome ON call (interaction_id) WHERE outcome IS NULL;

CREATE TABLE text_message (
  interaction_id INTEGER PRIMARY KEY REFERENCES interaction (id), from_number TEXT NOT NULL, to_number TEXT NOT NULL
) STRICT;

CREATE TABLE form_submission (
  interaction_id INTEGER PRIMARY KEY REFERENCES interaction (id), form_name TEXT NOT NULL,
  fields TEXT NOT NULL, known TEXT NOT NULL
) STRICT;

CREATE TABLE attachment (
  id INTEGER PRIMARY KEY, interaction_id INTEGER NOT NULL REFERENCES interaction (id), name TEXT NOT NULL,
  content_type TEXT NOT NULL, size INTEGER NOT NULL, content_id TEXT, blob TEXT
) STRICT;
CREATE INDEX attachment_interaction ON attachment (interaction_id);

CREATE TABLE clock (
  id INTEGER PRIMARY KEY, lead_id INTEGER NOT NULL REFERENCES lead (id), kind TEXT NOT NULL,
  started_at INTEGER NOT NULL, target_ms INTEGER NOT NULL, warn_at INTEGER NOT NULL, risk_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL, state TEXT NOT NULL CHECK (state IN ('running', 'met', 'missed', 'cancelled')),
  stopped_at INTEGER, stopped_by INTEGER REFERENCES interaction (id), announced INTEGER NOT NULL, next_at INTEGER
) STRICT;
CREATE INDEX clock_lead ON clock (lead_id);
CREATE INDEX clock_next ON clock (next_at) WHERE next_at IS NOT NULL;

CREATE TABLE score_entry (
  lead_id INTEGER NOT NULL REFERENCES lead (id), rule TEXT NOT NULL, points INTEGER NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY (lead_id, rule)
) STRICT, WITHOUT ROWID;

CREATE TABLE template (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, channel TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL,
  created_at INTEGER NOT NULL, removed_at INTEGER
) STRICT;

CREATE TABLE job (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('email', 'sms', 'call')),
  account_id INTEGER NOT NULL REFERENCES account (id), person_id INTEGER NOT NULL REFERENCES person (id),
  interaction_id INTEGER NOT NULL REFERENCES interaction (id), payload TEXT NOT NULL,
  template_id INTEGER REFERENCES template (id),
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'committing', 'sent', 'failed', 'cancelled')),
  not_before INTEGER NOT NULL, attempts INTEGER NOT NULL, claimed_at INTEGER, last_error TEXT,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX job_open ON job (not_before) WHERE state IN ('queued', 'sending', 'committing');
CREATE INDEX job_interaction ON job (interaction_id);
CREATE INDEX job_person ON job (person_id, state);

CREATE TABLE event (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, type TEXT NOT NULL, person_id INTEGER REFERENCES person (id),
  lead_id INTEGER REFERENCES lead (id), author_id INTEGER REFERENCES member (id), text TEXT NOT NULL,
  data TEXT NOT NULL, undone_at INTEGER
) STRICT;
CREATE INDEX event_person ON event (person_id, at, id);

-- Search over what a person would see. The index keeps no copy of the text: it reads the row when it shows a hit.
CREATE VIRTUAL TABLE interaction_search USING fts5 (
  subject, text, quoted, content = 'interaction', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER interaction_search_insert AFTER INSERT ON interaction BEGIN
  INSERT INTO interaction_search (rowid, subject, text, quoted) VALUES (new.id, new.subject, new.text, new.quoted);
END;
CREATE TRIGGER interaction_search_update AFTER UPDATE OF subject, text, quoted ON interaction BEGIN
  INSERT INTO interaction_search (interaction_search, rowid, subject, text, quoted)
    VALUES ('delete', old.id, old.subject, old.text, old.quoted);
  INSERT INTO interaction_search (rowid, subject, text, quoted) VALUES (new.id, new.subject, new.text, new.quoted);
END;

-- People by name, company, address or number, also by a part from the start of a word.
CREATE VIRTUAL TABLE person_search USING fts5 (
  name, company, handles, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
`,
} as const
