import { type RawBuilder, type Selectable, sql } from 'kysely'
import { refreshLeadRow } from '../../store/queries/lead-row.ts'
import { indexPerson } from '../../store/queries/search.ts'
import type { PersonTable } from '../../store/schema.ts'
import type { WriteStore } from '../../store/store.ts'
import type { Done, PersonValues } from './apply-row.ts'

/** What a row did with one person. */
export type DoneRow = { readonly line: number; readonly personId: number; readonly done: Done }

// What happens to a lead by itself; everything else means that somebody worked with it.
const automatic = ['import.created', 'lead.scored', 'lead.routed', 'lead.released', 'sla.breached']

/**
 * Takes back a change of somebody who was there before the row: everything goes that is still as the row left it.
 * @returns false when the person was left because somebody worked with them
 */
export async function undoChange(tx: WriteStore, { personId, done }: DoneRow): Promise<boolean> {
  const person = await tx.db.selectFrom('person').selectAll().where('id', '=', personId).executeTakeFirst()
  if (!person) return true
  if (await wasTouched(tx, person, done)) return false
  if (done.note !== null) await removeNote(tx, done.note)
  if (done.touch !== null) await tx.db.deleteFrom('source_touch').where('id', '=', done.touch).execute()
  if (done.lead !== null) await removeLead(tx, done.lead)
  await removeHandles(tx, done.handles)
  const asLeft = (key: string) => person[key as keyof PersonValues] === done.after[key as keyof PersonValues]
  const back = Object.fromEntries(Object.entries(done.before).filter(([key]) => asLeft(key)))
  if (Object.keys(back).length > 0) await tx.db.updateTable('person').set(back).where('id', '=', personId).execute()
  await indexPerson(tx, personId)
  tx.changed('person', personId)
  return true
}

type Person = Pick<Selectable<PersonTable>, 'id' | 'merged_into'>

/** Of a person that was there before only what hangs on the new lead counts. */
async function wasTouched(tx: WriteStore, person: Person, done: Done): Promise<boolean> {
  if (person.merged_into !== null) return true
  const { rows } = await sql<{ readonly touched: 0 | 1 }>`select (
      exists (select 1 from interaction where lead_id = ${done.lead} and id is not ${done.note})
      or exists (select 1 from event where lead_id = ${done.lead} and type not in (${sql.join(automatic)}))
      or exists (select 1 from task where lead_id = ${done.lead})
      or exists (select 1 from person_merge where kept_id = ${person.id} and undone_at is null)
    ) as touched`.execute(tx.db)
  return rows[0]?.touched === 1
}

/**
 * Removes people whom rows made, all at once: a list may have made a hundred thousand. Whoever was touched since stays
 * as they are.
 * @returns who was left
 */
export async function undoCreated(tx: WriteStore, made: readonly DoneRow[]): Promise<ReadonlySet<number>> {
  if (made.length === 0) return new Set()
  const left = await touchedSince(tx, made)
  const gone = made.filter(({ personId }) => !left.has(personId))
  await removePeople(tx, gone)
  return left
}

async function touchedSince({ db }: WriteStore, made: readonly DoneRow[]): Promise<ReadonlySet<number>> {
  const rows = JSON.stringify(
    made.map(({ personId, done }) => ({ id: personId, note: done.note, handles: done.handles, at: done.at })),
  )
  // Materialised: else the JSON is read anew for each of the questions.
  const found = await sql<{ readonly id: number }>`with made as materialized (
      select value ->> '$.id' as id, value ->> '$.note' as note, value ->> '$.at' as at, value -> '$.handles' as handles
      from json_each(${rows}))
    select person.id from made cross join person on person.id = made.id where
      person.merged_into is not null or person.updated_at <> made.at
      or exists (select 1 from interaction where person_id = person.id and interaction.id is not made.note)
      or exists (select 1 from event where person_id = person.id and type not in (${sql.join(automatic)}))
      or exists (select 1 from task where person_id = person.id)
      or exists (select 1 from person_merge where kept_id = person.id and undone_at is null)
      or exists (select 1 from handle where person_id = person.id
        and handle.id not in (select value from json_each(made.handles)))`.execute(db)
  return new Set(found.rows.map(({ id }) => id))
}

/** Everything that refers to them first: foreign keys are checked at once. */
async function removePeople({ db }: WriteStore, gone: readonly DoneRow[]): Promise<void> {
  if (gone.length === 0) return
  const people = oneOf(gone.map(({ personId }) => personId))
  const notes = oneOf(gone.flatMap(({ done }) => (done.note === null ? [] : [done.note])))
  const leads = sql`(select id from lead where person_id in ${people})`
  for (const statement of [
    sql`delete from person_search where rowid in ${people}`,
    sql`delete from source_touch where person_id in ${people}`,
    sql`update source_touch set referrer_id = null where referrer_id in ${people}`,
    sql`delete from event where person_id in ${people}`,
    sql`delete from clock where lead_id in ${leads}`,
    sql`delete from interaction where id in ${notes}`,
    sql`delete from lead where person_id in ${people}`,
    sql`delete from distinct_people where low_id in ${people}`,
    sql`delete from distinct_people where high_id in ${people}`,
    sql`delete from person_merge where undone_at is not null and kept_id in ${people}`,
    sql`delete from person_merge where undone_at is not null and gone_id in ${people}`,
    sql`delete from handle where person_id in ${people}`,
    sql`delete from person where id in ${people}`,
  ]) {
    await statement.execute(db)
  }
}

const oneOf = (ids: readonly number[]): RawBuilder<unknown> =>
  sql`(select value from json_each(${JSON.stringify(ids)}))`

async function removeLead({ db }: WriteStore, leadId: number): Promise<void> {
  await db.deleteFrom('event').where('lead_id', '=', leadId).execute()
  await db.deleteFrom('clock').where('lead_id', '=', leadId).execute()
  await db.deleteFrom('lead').where('id', '=', leadId).execute()
}

async function removeNote(tx: WriteStore, noteId: number): Promise<void> {
  const note = await tx.db.selectFrom('interaction').select('lead_id').where('id', '=', noteId).executeTakeFirst()
  await tx.db.deleteFrom('interaction').where('id', '=', noteId).execute()
  if (note && note.lead_id !== null) await refreshLeadRow(tx, note.lead_id)
}

/** An address they wrote from since is theirs, whoever typed it in first. */
async function removeHandles({ db }: WriteStore, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await db.deleteFrom('handle').where('id', 'in', ids).where('last_used_at', '=', 0).execute()
}
