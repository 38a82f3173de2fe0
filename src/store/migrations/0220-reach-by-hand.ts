/**
 * What a member says of an address or number: who asked for no more and how we know, that it is wrong, that it comes
 * first, that whoever uses it is blocked.
 */
export const reachByHand = {
  version: 220,
  name: 'reach-by-hand',
  sql: `
-- Null beside an opted_out_at: from before anybody kept book.
ALTER TABLE handle ADD COLUMN opted_out_how TEXT
  CHECK (opted_out_how IN ('stop', 'phrase', 'link', 'network', 'call', 'hand'));
ALTER TABLE handle ADD COLUMN opted_out_by INTEGER REFERENCES member (id);
ALTER TABLE handle ADD COLUMN wrong_at INTEGER;
ALTER TABLE handle ADD COLUMN wrong_by INTEGER REFERENCES member (id);
ALTER TABLE handle ADD COLUMN first_at INTEGER;
ALTER TABLE handle ADD COLUMN blocked_at INTEGER;
ALTER TABLE handle ADD COLUMN blocked_by INTEGER REFERENCES member (id);
ALTER TABLE handle ADD COLUMN blocked_came INTEGER NOT NULL DEFAULT 0;
UPDATE handle SET opted_out_how = (
  SELECT json_extract(event.data, '$.word') FROM event
  WHERE event.person_id = handle.person_id AND event.type = 'person.opted_out'
    AND json_extract(event.data, '$.value') = handle.value AND json_extract(event.data, '$.word') IN ('stop', 'phrase')
  ORDER BY event.id DESC LIMIT 1
) WHERE opted_out_at IS NOT NULL;
CREATE INDEX handle_blocked ON handle (blocked_at, id) WHERE blocked_at IS NOT NULL;

ALTER TABLE interaction ADD COLUMN blocked INTEGER NOT NULL DEFAULT 0 CHECK (blocked IN (0, 1));
`,
} as const
