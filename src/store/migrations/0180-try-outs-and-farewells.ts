/**
 * Leads that a provider sends to try the connection (Google's test data, Facebook's testing tool): kept, shown as what
 * they are, and no people, messages or deadlines. And relays that were not there when their account was removed: they
 * are told until they answer, so that no lead is kept for a desktop that will not come for it.
 */
export const tryOutsAndFarewells = {
  version: 180,
  name: 'try-outs-and-farewells',
  sql: `
CREATE TABLE try_out (
  id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL REFERENCES account (id), external_id TEXT NOT NULL,
  at INTEGER NOT NULL, fields TEXT NOT NULL, UNIQUE (account_id, external_id)
) STRICT;

-- The key is with the host, never here.
CREATE TABLE farewell (
  account_id INTEGER PRIMARY KEY REFERENCES account (id), url TEXT NOT NULL,
  begun_at INTEGER NOT NULL, next_at INTEGER NOT NULL, tries INTEGER NOT NULL
) STRICT;
`,
} as const
