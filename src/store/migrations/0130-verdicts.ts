/**
 * What a clock came to, and when: as it was decided then, and by the calendars of today. Reports read one kind of clock
 * over some weeks; store/queries/verdicts.ts repeats the expressions, since an index of an expression serves no other.
 */
export const verdicts = {
  version: 130,
  name: 'verdicts',
  sql: `
CREATE INDEX clock_decided ON clock (kind, (CASE
  WHEN state = 'cancelled' AND stopped_at <= due_at THEN NULL
  WHEN state = 'running' AND paused_at IS NOT NULL THEN NULL
  WHEN coalesce(decided_state, state) = 'met' THEN stopped_at
  ELSE coalesce(decided_due_at, due_at) END), id);
CREATE INDEX clock_today ON clock (kind, (CASE
  WHEN state = 'cancelled' AND stopped_at <= due_at THEN NULL
  WHEN state = 'running' AND paused_at IS NOT NULL THEN NULL
  WHEN state = 'met' THEN stopped_at
  ELSE due_at END), id);
-- Who wants no more messages: few among many.
CREATE INDEX handle_opted_out ON handle (person_id, opted_out_at) WHERE opted_out_at IS NOT NULL;
`,
} as const
