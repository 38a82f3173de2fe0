/** How many open leads each of the team has, kept as leads change: giving out a lead must not count them all. */
export const workInHand = {
  version: 240,
  name: 'work-in-hand',
  sql: `
CREATE TABLE open_lead (
  owner_id INTEGER NOT NULL REFERENCES member (id) ON DELETE CASCADE, tier TEXT NOT NULL,
  leads INTEGER NOT NULL,
  PRIMARY KEY (owner_id, tier)
) STRICT, WITHOUT ROWID;
INSERT INTO open_lead (owner_id, tier, leads)
  SELECT owner_id, tier, count(*) FROM lead WHERE status = 'open' AND owner_id IS NOT NULL GROUP BY owner_id, tier;

CREATE TRIGGER open_lead_insert AFTER INSERT ON lead WHEN new.status = 'open' AND new.owner_id IS NOT NULL BEGIN
  INSERT INTO open_lead (owner_id, tier, leads) VALUES (new.owner_id, new.tier, 1)
    ON CONFLICT (owner_id, tier) DO UPDATE SET leads = leads + 1;
END;
CREATE TRIGGER open_lead_update AFTER UPDATE OF status, owner_id, tier ON lead
WHEN new.status <> old.status OR new.owner_id IS NOT old.owner_id OR new.tier <> old.tier BEGIN
  UPDATE open_lead SET leads = leads - 1
    WHERE owner_id = old.owner_id AND tier = old.tier AND old.status = 'open';
  INSERT INTO open_lead (owner_id, tier, leads) SELECT new.owner_id, new.tier, 1
    WHERE new.status = 'open' AND new.owner_id IS NOT NULL
    ON CONFLICT (owner_id, tier) DO UPDATE SET leads = leads + 1;
END;
CREATE TRIGGER open_lead_delete AFTER DELETE ON lead WHEN old.status = 'open' AND old.owner_id IS NOT NULL BEGIN
  UPDATE open_lead SET leads = leads - 1 WHERE owner_id = old.owner_id AND tier = old.tier;
END;

-- Whose it is that is late, in the index that finds what is late.
DROP INDEX lead_due;
CREATE INDEX lead_due ON lead (due_at, id, risk_at, snoozed_until, owner_id)
  WHERE status = 'open' AND due_at IS NOT NULL;
`,
} as const
