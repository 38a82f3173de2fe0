/** What the text model makes of a message, what waits for it, and what people said it got wrong. */
export const textInsight = {
  version: 60,
  name: 'text-insight',
  sql: `
-- What waits for the model. Rows come by the triggers below, in the transaction of the message, so that no crash loses
-- one. \`tries\` is raised before the model sees it: a message that kills the process is not fed to it for ever.
CREATE TABLE insight_queue (
  interaction_id INTEGER PRIMARY KEY REFERENCES interaction (id) ON DELETE CASCADE,
  tries INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE message_insight (
  interaction_id INTEGER PRIMARY KEY REFERENCES interaction (id) ON DELETE CASCADE,
  -- What the model says, with the corrections known at that time; what a person said is in intent_example.
  intent TEXT NOT NULL, confidence INTEGER NOT NULL CHECK (confidence BETWEEN 0 AND 100),
  urgency TEXT NOT NULL CHECK (urgency IN ('now', 'soon', 'none')), urgency_reason TEXT NOT NULL,
  job_size TEXT, vector BLOB NOT NULL, model_version TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;

CREATE TABLE intent_example (
  interaction_id INTEGER PRIMARY KEY REFERENCES interaction (id) ON DELETE CASCADE,
  intent TEXT NOT NULL, author_id INTEGER REFERENCES member (id), at INTEGER NOT NULL
) STRICT;
CREATE INDEX intent_example_at ON intent_example (at);

-- "Not a lead" is a correction, too: the newest of them are looked up before each batch.
CREATE INDEX lead_not_lead ON lead (done_at) WHERE status = 'not_lead';

CREATE TRIGGER interaction_insight_insert AFTER INSERT ON interaction
WHEN new.direction = 'in' AND new.channel <> 'note' AND new.lead_id IS NOT NULL
  AND trim(new.subject || new.text) <> '' BEGIN
  INSERT INTO insight_queue (interaction_id) VALUES (new.id);
END;
-- The words of a voicemail come after the call.
CREATE TRIGGER interaction_insight_update AFTER UPDATE OF subject, text ON interaction
WHEN new.direction = 'in' AND new.channel <> 'note' AND new.lead_id IS NOT NULL
  AND trim(new.subject || new.text) <> '' AND (new.text <> old.text OR new.subject <> old.subject) BEGIN
  INSERT INTO insight_queue (interaction_id) VALUES (new.id) ON CONFLICT (interaction_id) DO UPDATE SET tries = 0;
END;

-- What was there before: only what is still open. History stays unread by the model.
INSERT INTO insight_queue (interaction_id)
  SELECT interaction.id FROM lead JOIN interaction ON interaction.lead_id = lead.id
  WHERE lead.status = 'open' AND interaction.direction = 'in' AND interaction.channel <> 'note'
    AND trim(interaction.subject || interaction.text) <> '';
`,
} as const
