/**
 * Whose turn it is: leads that wait for an answer of theirs leave the inbox and stand under Waiting alone, until they
 * write, a second try or a task comes due, or a snooze ends. And tasks whose time came remember that somebody was told.
 */
export const whoRests = {
  version: 200,
  name: 'who-rests',
  sql: `
-- When we spoke last, while their answer is out; null while the last word is theirs, or ours did not reach them.
ALTER TABLE lead ADD COLUMN our_word_at INTEGER;
UPDATE lead SET our_word_at = last_at WHERE last_direction = 'out';
-- When it last came back to us: from a snooze, opened again, "our turn". What we said before no longer counts.
ALTER TABLE lead ADD COLUMN back_at INTEGER;

-- Until when nobody of us must act: 0 when somebody must, the time of a second try, or behind all time until they write,
-- whom we wrote to last first: the order of what waits.
ALTER TABLE lead ADD COLUMN rests_until INTEGER GENERATED ALWAYS AS (
  CASE
    WHEN task_due_at IS NOT NULL OR outbox = 'failed' OR clock_kind != 'second_touch' THEN 0
    WHEN our_word_at >= coalesce(back_at, 0) OR waiting_since >= coalesce(back_at, 0)
      THEN coalesce(due_at, 8640000000000000 - last_at)
    ELSE 0
  END
) VIRTUAL;
-- Its place in the inbox; 9000000000000000, none, while it rests until they write: of those there are ever more. Second
-- tries that are not due keep theirs and are passed over: they are as few as their time is short.
ALTER TABLE lead ADD COLUMN to_do_key INTEGER GENERATED ALWAYS AS (
  CASE WHEN rests_until < 8000000000000000 THEN sort_key ELSE 9000000000000000 END
) VIRTUAL;
CREATE INDEX lead_to_do ON lead (to_do_key, id, snoozed_until, rests_until)
  WHERE status = 'open' AND to_do_key < 9000000000000000;
DROP INDEX lead_waiting;
CREATE INDEX lead_waiting ON lead (rests_until, id, snoozed_until) WHERE status = 'open' AND rests_until > 0;

ALTER TABLE task ADD COLUMN told_at INTEGER;
UPDATE task SET told_at = called_at;
CREATE INDEX task_untold ON task (id)
  WHERE called_at IS NOT NULL AND told_at IS NULL AND done_at IS NULL AND removed_at IS NULL;
`,
} as const
