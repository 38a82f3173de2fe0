import type { WriteStore } from '../store.ts'
import { insertRow } from './insert-row.ts'

export type NewEvent = {
  readonly at: number
  readonly type: string
  readonly personId?: number | null
  readonly leadId?: number | null
  readonly authorId?: number | null
  /** One sentence for the timeline; empty keeps it out of sight. */
  readonly text?: string
  readonly data?: unknown
}

/** Adds to the log of everything that happened. Answers its id, the handle of an undo. */
export async function recordEvent(tx: WriteStore, event: NewEvent): Promise<number> {
  return insertRow(tx, 'event', {
    at: event.at,
    type: event.type,
    person_id: event.personId ?? null,
    lead_id: event.leadId ?? null,
    author_id: event.authorId ?? null,
    text: event.text ?? '',
    data: JSON.stringify(event.data ?? {}),
    undone_at: null,
  })
}
