import { sql } from 'kysely'

// Written out, not bound: SQLite takes a partial index only for a condition that it can read. Without them each look of
// the outbox and of the call bar would read every message and every call there ever was.

/** Jobs that are not over, as the index `job_open` has them. */
export const jobUnderWay = sql<boolean>`job.state in ('queued', 'sending', 'committing')`

/** What the job of a call says of which nobody could tell whether it was placed; it may yet turn up. */
export const lostCall = 'We could not tell whether the call went through. Please dial again.'

/** Calls that ring or are on, as the index `call_open` has them. */
export const callUnderWay = sql<boolean>`call.result in ('ringing', 'in_progress')`
