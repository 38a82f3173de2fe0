import { badInput, conflict, notFound } from '../rpc/errors.ts'
import { recordEvent } from '../store/queries/events.ts'
import { labelByKey, labelKey, labelNamed } from '../store/queries/labels.ts'
import type { WriteStore } from '../store/store.ts'

export type Labelling = {
  readonly leadIds: readonly number[]
  /** A label that is not there yet is made. */
  readonly name: string
  /** Put it on, or take it off. */
  readonly on: boolean
}

type Change = {
  readonly labelId: number
  readonly on: boolean
  /** Rows of `person_label` that were added or taken away, and the entry of each in the timeline. */
  readonly rows: readonly {
    readonly id: number
    readonly personId: number
    readonly at: number
    readonly by: number | null
  }[]
  readonly eventIds: readonly number[]
}

const eventType = 'inbox.labelled'

/**
 * Puts a label on the people of some leads, or takes it off. Who wears it already (or not) is left alone.
 * @returns the id that {@link undoLabelling} takes
 * @throws DeskbellError `NOT_FOUND` for a lead that does not exist, `BAD_INPUT` for a name without letters
 */
export async function labelPeople(
  tx: WriteStore,
  { leadIds, name, on }: Labelling,
  { at, me }: { readonly at: number; readonly me: number | null },
): Promise<number> {
  if (labelKey(name) === '') throw badInput('Please write a name for the label.')
  const label = on ? await labelNamed(tx, name, at) : await labelByKey(tx, labelKey(name))
  if (!label) throw notFound('This label')
  const rows: Change['rows'][number][] = []
  const eventIds: number[] = []
  for (const leadId of new Set(leadIds)) {
    const lead = await tx.db.selectFrom('lead').select('person_id').where('id', '=', leadId).executeTakeFirst()
    if (!lead) throw notFound('This lead')
    const personId = lead.person_id
    const worn = await tx.db
      .selectFrom('person_label')
      .select(['id', 'at', 'author_id'])
      .where('person_id', '=', personId)
      .where('label_id', '=', label.id)
      .execute()
    if (on === worn.length > 0) continue
    if (on) rows.push({ id: await putOn(tx, personId, label.id, { at, me }), personId, at, by: me })
    else {
      await tx.db
        .deleteFrom('person_label')
        .where('person_id', '=', personId)
        .where('label_id', '=', label.id)
        .execute()
      rows.push(...worn.map((it) => ({ id: it.id, personId, at: it.at, by: it.author_id })))
    }
    const text = on ? `Label “${label.name}”` : `Label “${label.name}” taken off`
    eventIds.push(await recordEvent(tx, { at, type: 'person.labelled', personId, leadId, authorId: me, text }))
    tx.changed('lead', personId)
    tx.changed('person', personId)
  }
  const data: Change = { labelId: label.id, on, rows, eventIds }
  return recordEvent(tx, { at, type: eventType, authorId: me, data })
}

async function putOn(
  tx: WriteStore,
  personId: number,
  labelId: number,
  { at, me }: { readonly at: number; readonly me: number | null },
): Promise<number> {
  const { id } = await tx.db
    .insertInto('person_label')
    .values({ person_id: personId, label_id: labelId, at, author_id: me })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/**
 * Takes {@link labelPeople} back.
 * @returns null when this is no labelling, false when it was taken back before
 * @throws DeskbellError `CONFLICT` when the label was taken off or put on again meanwhile, for everybody
 */
export async function undoLabelling(tx: WriteStore, undoId: number, at: number): Promise<boolean | null> {
  const event = await tx.db
    .selectFrom('event')
    .select(['type', 'data', 'undone_at'])
    .where('id', '=', undoId)
    .executeTakeFirst()
  if (event?.type !== eventType) return null
  if (event.undone_at !== null) return false
  const { labelId, on, rows, eventIds } = JSON.parse(event.data) as Change
  let undone = 0
  for (const row of rows) {
    if (on ? await takeOff(tx, row) : await putBack(tx, labelId, row)) undone += 1
    tx.changed('lead', row.personId)
    tx.changed('person', row.personId)
  }
  if (rows.length > 0 && undone === 0) {
    throw conflict('This changed again meanwhile, so it was not undone. Nothing was overwritten.')
  }
  await tx.db
    .updateTable('event')
    .set({ undone_at: at })
    .where('id', 'in', [undoId, ...eventIds])
    .execute()
  return undone > 0
}

/** A number is given again once its row is gone, so the time must fit, too. */
async function takeOff(tx: WriteStore, { id, at }: Change['rows'][number]): Promise<boolean> {
  const gone = await tx.db.deleteFrom('person_label').where('id', '=', id).where('at', '=', at).executeTakeFirst()
  return gone.numDeletedRows > 0n
}

async function putBack(tx: WriteStore, labelId: number, row: Change['rows'][number]): Promise<boolean> {
  const worn = await tx.db
    .selectFrom('person_label')
    .select('id')
    .where('person_id', '=', row.personId)
    .where('label_id', '=', labelId)
    .executeTakeFirst()
  if (worn) return false
  await putOn(tx, row.personId, labelId, { at: row.at, me: row.by })
  return true
}
