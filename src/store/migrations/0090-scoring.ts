/**
 * Groups with caps, fit and engagement apart, decay, and what is known of a lead kept in one row so that all of them can
 * be scored again at once. Rules of a user's own keep the points they gave: their groups have no caps.
 */
export const scoring = {
  version: 90,
  name: 'scoring',
  sql: `
-- Only where points are counted; the letter says fit, the number engagement: A1 to C3.
ALTER TABLE lead ADD COLUMN fit INTEGER CHECK (fit BETWEEN 0 AND 100);
ALTER TABLE lead ADD COLUMN engagement INTEGER CHECK (engagement BETWEEN 0 AND 100);
ALTER TABLE lead ADD COLUMN grade TEXT;
-- Only where questions are asked.
ALTER TABLE lead ADD COLUMN qualification TEXT CHECK (qualification IN ('qualified', 'disqualified', 'open'));
CREATE INDEX lead_opened ON lead (opened_at);
-- The list in the order of the score.
CREATE INDEX lead_score ON lead (score, id, snoozed_until) WHERE status = 'open';

-- What takes or gives points because of a cap is an entry of its own: entries add up to the score.
ALTER TABLE score_entry ADD COLUMN kind TEXT NOT NULL DEFAULT 'rule' CHECK (kind IN ('rule', 'limit'));
ALTER TABLE score_entry ADD COLUMN raw INTEGER NOT NULL DEFAULT 0;
ALTER TABLE score_entry ADD COLUMN axis TEXT CHECK (axis IN ('fit', 'engagement'));
ALTER TABLE score_entry ADD COLUMN at INTEGER;
UPDATE score_entry SET raw = points;

-- What scoring knows of a lead (score/facts.ts, as JSON). A cache: there is a row while it is true, and whatever could
-- change it takes it away, by the triggers below.
CREATE TABLE lead_fact (
  lead_id INTEGER PRIMARY KEY REFERENCES lead (id) ON DELETE CASCADE, facts TEXT NOT NULL
) STRICT;

-- All leads are being scored again: how far it got, for the next start.
CREATE TABLE rescore_run (
  id INTEGER PRIMARY KEY CHECK (id = 1), after_id INTEGER NOT NULL
) STRICT;

CREATE TRIGGER lead_fact_interaction_insert AFTER INSERT ON interaction WHEN new.lead_id IS NOT NULL BEGIN
  DELETE FROM lead_fact WHERE lead_id = new.lead_id;
END;
CREATE TRIGGER lead_fact_interaction_update AFTER UPDATE OF lead_id, subject, text, at, automatic, delivery ON interaction BEGIN
  DELETE FROM lead_fact WHERE lead_id = new.lead_id OR lead_id = old.lead_id;
END;
CREATE TRIGGER lead_fact_call_update AFTER UPDATE OF result, outcome ON call BEGIN
  DELETE FROM lead_fact WHERE lead_id = (SELECT lead_id FROM interaction WHERE id = new.interaction_id);
END;
CREATE TRIGGER lead_fact_form_update AFTER UPDATE ON form_submission BEGIN
  DELETE FROM lead_fact WHERE lead_id = (SELECT lead_id FROM interaction WHERE id = new.interaction_id);
END;
CREATE TRIGGER lead_fact_insight_insert AFTER INSERT ON message_insight BEGIN
  DELETE FROM lead_fact WHERE lead_id = (SELECT lead_id FROM interaction WHERE id = new.interaction_id);
END;
CREATE TRIGGER lead_fact_insight_update AFTER UPDATE ON message_insight BEGIN
  DELETE FROM lead_fact WHERE lead_id = (SELECT lead_id FROM interaction WHERE id = new.interaction_id);
END;
CREATE TRIGGER lead_fact_example_insert AFTER INSERT ON intent_example BEGIN
  DELETE FROM lead_fact WHERE lead_id = (SELECT lead_id FROM interaction WHERE id = new.interaction_id);
END;
CREATE TRIGGER lead_fact_example_update AFTER UPDATE ON intent_example BEGIN
  DELETE FROM lead_fact WHERE lead_id = (SELECT lead_id FROM interaction WHERE id = new.interaction_id);
END;
CREATE TRIGGER lead_fact_example_delete AFTER DELETE ON intent_example BEGIN
  DELETE FROM lead_fact WHERE lead_id = (SELECT lead_id FROM interaction WHERE id = old.interaction_id);
END;
CREATE TRIGGER lead_fact_touch_insert AFTER INSERT ON source_touch WHEN new.lead_id IS NOT NULL BEGIN
  DELETE FROM lead_fact WHERE lead_id = new.lead_id;
END;
CREATE TRIGGER lead_fact_touch_update AFTER UPDATE ON source_touch BEGIN
  DELETE FROM lead_fact WHERE lead_id = new.lead_id OR lead_id = old.lead_id;
END;
CREATE TRIGGER lead_fact_person_update AFTER UPDATE OF company, region ON person BEGIN
  DELETE FROM lead_fact WHERE lead_id IN (SELECT id FROM lead WHERE person_id = new.id);
END;
CREATE TRIGGER lead_fact_field_insert AFTER INSERT ON person_field BEGIN
  DELETE FROM lead_fact WHERE lead_id IN (SELECT id FROM lead WHERE person_id = new.person_id);
END;
CREATE TRIGGER lead_fact_field_update AFTER UPDATE ON person_field BEGIN
  DELETE FROM lead_fact WHERE lead_id IN (SELECT id FROM lead WHERE person_id IN (new.person_id, old.person_id));
END;
CREATE TRIGGER lead_fact_handle_insert AFTER INSERT ON handle BEGIN
  DELETE FROM lead_fact WHERE lead_id IN (SELECT id FROM lead WHERE person_id = new.person_id);
END;
CREATE TRIGGER lead_fact_handle_update AFTER UPDATE OF person_id, value ON handle BEGIN
  DELETE FROM lead_fact WHERE lead_id IN (SELECT id FROM lead WHERE person_id IN (new.person_id, old.person_id));
END;
CREATE TRIGGER lead_fact_handle_delete AFTER DELETE ON handle BEGIN
  DELETE FROM lead_fact WHERE lead_id IN (SELECT id FROM lead WHERE person_id = old.person_id);
END;
CREATE TRIGGER lead_fact_lead_update AFTER UPDATE OF person_id, source ON lead BEGIN
  DELETE FROM lead_fact WHERE lead_id = new.id;
END;

-- Rules somebody changed: each becomes a rule of one condition, in a group by what it asks for.
INSERT INTO setting (key, value)
  SELECT 'scoring', json_object('mode', 'points', 'groups', json('[
      {"id":"contact","label":"How they came","axis":"engagement","cap":100,"floor":-100},
      {"id":"words","label":"What they say","axis":"engagement","cap":100,"floor":-100},
      {"id":"job","label":"The job","axis":"fit","cap":100,"floor":-100}]'),
    'rules', json((SELECT json_group_array(json_object(
        'id', replace(replace(rule.value ->> '$.id', '#', '-'), ' ', '-'), 'label', rule.value ->> '$.label',
        'points', rule.value ->> '$.points',
        'group', CASE rule.value ->> '$.when.kind' WHEN 'channel' THEN 'contact' WHEN 'touches' THEN 'contact'
          WHEN 'text' THEN 'words' WHEN 'robot' THEN NULL ELSE 'job' END,
        'when', json_object('all', json_array(json(rule.value -> '$.when')))))
      FROM json_each(setting.value) AS rule)))
  FROM setting WHERE key = 'scoreRules' AND json_valid(value) AND json_type(value) = 'array';
DELETE FROM setting WHERE key = 'scoreRules';
`,
} as const
