import { must } from '../../lib/assert.ts'
import type { WriteStore } from '../store.ts'
import { keptQuery } from './kept-query.ts'

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
  const [row] = await insertEvent(tx, {
    at: event.at,
    type: event.type,
    personId: event.personId ?? null,
    leadId: event.leadId ?? null,
    authorId: event.authorId ?? null,
    text: event.text ?? '',
    data: JSON.stringify(event.data ?? {}),
  })
  return must(row, 'the new event').id
}

type Row = Required<Omit<NewEvent, 'data'>> & { readonly data: string }

const insertEvent = keptQuery<Row, { readonly id: number }>((db, value) =>
  db
    .insertInto('event')
    .values({
      at: value('at'),
      type: value('type'),
      person_id: value('personId'),
      lead_id: value('leadId'),
      author_id: value('authorId'),
      text: value('text'),
      data: value('data'),
      undone_at: null,
    })
    .returning('id'),
)
