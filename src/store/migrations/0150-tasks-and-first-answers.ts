/** What somebody is to do for a person and by when, and messages that answer by themselves. */
export const tasksAndFirstAnswers = {
  version: 150,
  name: 'tasks-and-first-answers',
  sql: `
-- The first task of a lead (origin 'rule') has no time of its own: it is due with its clock of first contact.
-- owner_id null: whoever owns the lead. called_at: its time came, and the list was told.
CREATE TABLE task (
  id INTEGER PRIMARY KEY,
  person_id INTEGER NOT NULL REFERENCES person (id),
  lead_id INTEGER REFERENCES lead (id),
  kind TEXT NOT NULL CHECK (kind IN ('call', 'text', 'email', 'todo')),
  words TEXT NOT NULL CHECK (length(words) > 0),
  due_at INTEGER,
  owner_id INTEGER REFERENCES member (id),
  origin TEXT NOT NULL CHECK (origin IN ('rule', 'hand')),
  why TEXT,
  created_at INTEGER NOT NULL,
  author_id INTEGER REFERENCES member (id),
  called_at INTEGER,
  done_at INTEGER,
  done_by INTEGER REFERENCES member (id),
  ended_by TEXT CHECK (ended_by IN ('hand', 'answer')),
  removed_at INTEGER,
  CHECK ((done_at IS NULL) = (ended_by IS NULL))
) STRICT;
CREATE INDEX task_person ON task (person_id, created_at);
CREATE INDEX task_lead ON task (lead_id);
CREATE INDEX task_open ON task (due_at, id) WHERE done_at IS NULL AND removed_at IS NULL AND due_at IS NOT NULL;
CREATE INDEX task_to_call ON task (due_at)
  WHERE called_at IS NULL AND done_at IS NULL AND removed_at IS NULL AND due_at IS NOT NULL;

-- The earliest task of a lead whose time came: kept by the database, so that nothing that moves tasks can forget it.
ALTER TABLE lead ADD COLUMN task_due_at INTEGER;
CREATE TRIGGER task_called AFTER UPDATE OF called_at, due_at, done_at, removed_at, lead_id ON task
  WHEN old.called_at IS NOT NULL OR new.called_at IS NOT NULL
BEGIN
  UPDATE lead SET task_due_at = (
    SELECT min(due_at) FROM task
    WHERE task.lead_id = lead.id AND called_at IS NOT NULL AND done_at IS NULL AND removed_at IS NULL
  ) WHERE id IN (old.lead_id, new.lead_id);
END;

-- Order of the list: a task whose time came counts as owed since then.
DROP INDEX lead_inbox;
DROP INDEX lead_tier;
DROP INDEX lead_owner;
DROP INDEX lead_waiting;
DROP INDEX lead_missed;
DROP INDEX lead_all;
DROP INDEX lead_due_list;
ALTER TABLE lead DROP COLUMN sort_key;
ALTER TABLE lead ADD COLUMN sort_key INTEGER GENERATED ALWAYS AS (
  CASE
    WHEN task_due_at IS NOT NULL AND (due_at IS NULL OR clock_kind = 'second_touch' OR task_due_at < due_at)
      THEN task_due_at
    WHEN clock_kind = 'second_touch' THEN due_at + 3155760000000
    ELSE coalesce(due_at, 8640000000000000 - last_at)
  END
) VIRTUAL;
CREATE INDEX lead_inbox ON lead (sort_key, id, snoozed_until) WHERE status = 'open';
CREATE INDEX lead_tier ON lead (tier, sort_key, id, snoozed_until) WHERE status = 'open';
CREATE INDEX lead_owner ON lead (owner_id, sort_key, id, snoozed_until) WHERE status = 'open';
CREATE INDEX lead_waiting ON lead (sort_key, id, snoozed_until)
  WHERE status = 'open' AND (last_direction = 'out' OR waiting_since IS NOT NULL)
    AND (clock_kind IS NULL OR clock_kind = 'second_touch');
CREATE INDEX lead_missed ON lead (sort_key, id, snoozed_until) WHERE status = 'open' AND missed_call = 1;
CREATE INDEX lead_all ON lead (sort_key, id);
CREATE INDEX lead_due_list ON lead (sort_key, id, snoozed_until) WHERE status = 'open' AND due_at IS NOT NULL;

-- What an automatic message answers. Once each: whatever is delivered twice, nobody is answered twice.
ALTER TABLE job ADD COLUMN answers_id INTEGER REFERENCES interaction (id) ON DELETE SET NULL;
CREATE UNIQUE INDEX job_answers ON job (answers_id) WHERE answers_id IS NOT NULL;
CREATE INDEX job_automatic ON job (created_at) WHERE answers_id IS NOT NULL;
CREATE INDEX interaction_automatic ON interaction (person_id, at) WHERE automatic = 1;
`,
} as const
