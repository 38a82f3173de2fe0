/** What the health page tells of a channel: its rhythm, its silences, what it left out and why, its tests of itself. */
export const channelHealth = {
  version: 50,
  name: 'channel-health',
  sql: `
-- What came in by itself since the account was connected: no history, no robots, no changes of what was there.
CREATE TABLE arrival (
  account_id INTEGER NOT NULL REFERENCES account (id), at INTEGER NOT NULL,
  item_id INTEGER NOT NULL REFERENCES inbound_item (id), stored_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, at, item_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE left_out (
  account_id INTEGER NOT NULL REFERENCES account (id), reason TEXT NOT NULL, count INTEGER NOT NULL,
  last_at INTEGER NOT NULL, PRIMARY KEY (account_id, reason)
) STRICT, WITHOUT ROWID;

-- One a silence, known by the last thing that came before it.
CREATE TABLE silence (
  account_id INTEGER NOT NULL REFERENCES account (id), since INTEGER NOT NULL, announced_at INTEGER NOT NULL,
  accepted_at INTEGER, ask_again_at INTEGER, ended_at INTEGER, PRIMARY KEY (account_id, since)
) STRICT, WITHOUT ROWID;

CREATE TABLE self_test (
  id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES account (id), token TEXT NOT NULL UNIQUE,
  started_at INTEGER NOT NULL, ended_at INTEGER, outcome TEXT CHECK (outcome IN ('ok', 'look', 'failed')),
  steps TEXT NOT NULL
) STRICT;
CREATE INDEX self_test_account ON self_test (account_id, id);

INSERT INTO arrival (account_id, at, item_id, stored_at)
  SELECT item.account_id, min(interaction.at, item.received_at), item.id, item.received_at
  FROM inbound_item AS item
  JOIN interaction ON interaction.id = item.interaction_id
  JOIN account ON account.id = item.account_id
  LEFT JOIN mail ON mail.interaction_id = interaction.id
  WHERE interaction.direction = 'in' AND interaction.at >= account.created_at AND mail.robot IS NULL;

INSERT INTO left_out (account_id, reason, count, last_at)
  SELECT id, 'Before Deskbell kept the reasons', skipped, created_at FROM account WHERE skipped > 0;
`,
} as const
