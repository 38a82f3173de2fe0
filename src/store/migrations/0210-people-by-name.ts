/** People in the order of their names. */
export const peopleByName = {
  version: 210,
  name: 'people-by-name',
  sql: `
-- queries/name-key.ts, written with the search index. SQLite folds no accents, so migrate.ts lends it the function.
ALTER TABLE person ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
UPDATE person SET name_key = deskbell_name_key(name);
CREATE INDEX person_name ON person (name_key, id) WHERE merged_into IS NULL;
`,
} as const
