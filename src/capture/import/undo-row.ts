import { type Selectable, sql } from 'kysely'
import { refreshLeadRow } from '../../store/queries/lead-row.ts'
import { indexPerson } from '../../store/queries/search.ts'
import type { PersonTable } from '../../store/schema.ts'
import type { WriteStore } from '../../store/store.ts'
import type { Done, PersonValues } from './apply-row.ts'

// What happens to a lead by itself; everything else means that somebody worked with it.
const automatic = ['import.created', 'lead.scored', 'lead.routed', 'lead.released', 'sla.breached']

/**
 * Takes back what one row did. Somebody the row made is removed unless touched since; of others everything goes that
 * is still as the row left it.
 * @returns false when the person was left because somebody worked with them
 */
export async function undoRow(tx: WriteStore, personId: number, done: Done): Promise<boolean> {
  const person = await tx.db.selectFrom('person').selectAll().where('id', '=', personId).executeTakeFirst()
  if (!person) return true
  if (await wasTouched(tx, person, done)) return false
  if (done.note !== null) await removeNote(tx, done.note)
  if (done.created) {
    await removePerson(tx, personId)
    return true
  }
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

type Person = Pick<Selectable<PersonTable>, 'id' | 'updated_at' | 'merged_into'>

/** Of a person that was there before only what hangs on the new lead counts. */
async function wasTouched(tx: WriteStore, person: Person, done: Done): Promise<boolean> {
  if (person.merged_into !== null) return true
  const { rows } = await sql<{ readonly touched: 0 | 1 }>`select (
      exists (select 1 from interaction where ${done.created ? sql`person_id = ${person.id}` : sql`lead_id = ${done.lead}`}
        and id is not ${done.note})
      or exists (select 1 from event where ${done.created ? sql`person_id = ${person.id}` : sql`lead_id = ${done.lead}`}
        and type not in (${sql.join(automatic)}))
      or exists (select 1 from person_merge where kept_id = ${person.id} and undone_at is null)
    ) as touched`.execute(tx.db)
  if (rows[0]?.touched === 1) return true
  if (!done.created) return false
  if (person.updated_at !== done.at) return true
  const others = await tx.db
    .selectFrom('handle')
    .select('id')
    .where('person_id', '=', person.id)
    .where('id', 'not in', done.handles.length > 0 ? done.handles : [0])
    .executeTakeFirst()
  return others !== undefined
}

/** Everything that refers to it first: foreign keys are checked at once. */
async function removePerson({ db }: WriteStore, personId: number): Promise<void> {
  await sql`delete from person_search where rowid = ${personId}`.execute(db)
  await db.deleteFrom('source_touch').where('person_id', '=', personId).execute()
  await db.deleteFrom('event').where('person_id', '=', personId).execute()
  const leads = await db.selectFrom('lead').select('id').where('person_id', '=', personId).execute()
  for (const { id } of leads) await deleteLead(db, id)
  await db.updateTable('source_touch').set({ referrer_id: null }).where('referrer_id', '=', personId).execute()
  await db.deleteFrom('distinct_people').where('low_id', '=', personId).execute()
  await db.deleteFrom('distinct_people').where('high_id', '=', personId).execute()
  await db.deleteFrom('person_merge').where('kept_id', '=', personId).where('undone_at', 'is not', null).execute()
  await db.deleteFrom('person_merge').where('gone_id', '=', personId).where('undone_at', 'is not', null).execute()
  await db.deleteFrom('handle').where('person_id', '=', personId).execute()
  await db.deleteFrom('person').where('id', '=', personId).execute()
}

async function removeLead(tx: WriteStore, leadId: number): Promise<void> {
  await tx.db.deleteFrom('event').where('lead_id', '=', leadId).execute()
  await deleteLead(tx.db, leadId)
}

async function deleteLead(db: WriteStore['db'], leadId: number): Promise<void> {
  await db.deleteFrom('clock').where('lead_id', '=', leadId).execute()
  await db.deleteFrom('score_entry').where('lead_id', '=', leadId).execute()
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
