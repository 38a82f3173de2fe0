import { sql } from 'kysely'
import { conflict, notFound } from '../../rpc/errors.ts'
import type { ReadStore, WriteStore } from '../store.ts'
import { fold } from './search-words.ts'

/** What makes two names one label. */
export const labelKey = (name: string): string => fold(cleanName(name))

const cleanName = (name: string) => name.trim().replace(/\s+/g, ' ')

/** Labels by their whole name, else those whose name holds the text. */
export async function labelsLike(store: ReadStore, text: string): Promise<readonly number[]> {
  const key = labelKey(text)
  const rows = await store.db.selectFrom('label').select(['id', 'key']).where('removed_at', 'is', null).execute()
  const exact = rows.filter((it) => it.key === key)
  return (exact.length > 0 ? exact : rows.filter((it) => it.key.includes(key))).map((it) => it.id)
}

export type Label = { readonly id: number; readonly name: string; readonly people: number }

/** All labels by name, with how many people wear each. */
export async function listLabels(store: ReadStore): Promise<readonly Label[]> {
  const { rows } = await sql<Label>`
    select id, name, (select count(distinct person_id) from person_label where label_id = label.id) as people
    from label where removed_at is null order by key`.execute(store.db)
  return rows
}

/** The names of the labels of people, for the rows of a page. */
export async function labelsOf(
  store: ReadStore,
  personIds: readonly number[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const { rows } = await sql<{ readonly personId: number; readonly name: string }>`
    select distinct person_label.person_id as "personId", label.name, label.key
    from json_each(${JSON.stringify(personIds)}) as asked
    cross join person_label on person_label.person_id = asked.value
    cross join label on label.id = person_label.label_id
    where label.removed_at is null order by label.key`.execute(store.db)
  const found = new Map<number, string[]>()
  for (const { personId, name } of rows) {
    const names = found.get(personId)
    if (names) names.push(name)
    else found.set(personId, [name])
  }
  return found
}

/** The label of this name, made if there is none. @returns its id and its name as it was first written */
export async function labelNamed(
  tx: WriteStore,
  name: string,
  now: number,
): Promise<{ readonly id: number; readonly name: string }> {
  const known = await labelByKey(tx, labelKey(name))
  if (known) return known
  const { id } = await tx.db
    .insertInto('label')
    .values({ name: cleanName(name), key: labelKey(name), created_at: now, removed_at: null })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id, name: cleanName(name) }
}

/** @throws DeskbellError `CONFLICT` when another label has this name */
export async function renameLabel(tx: WriteStore, id: number, name: string): Promise<void> {
  const other = await labelByKey(tx, labelKey(name))
  if (other && other.id !== id) throw conflict(`There is a label “${other.name}” already.`)
  const changed = await tx.db
    .updateTable('label')
    .set({ name: cleanName(name), key: labelKey(name) })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (changed.numUpdatedRows === 0n) throw notFound('This label')
  tx.changed('lead')
}

/** Nobody wears it any more; who did is kept, for {@link restoreLabel}. */
export async function removeLabel(tx: WriteStore, id: number, now: number): Promise<void> {
  await tx.db
    .updateTable('label')
    .set({ removed_at: now })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .execute()
  tx.changed('lead')
}

export async function restoreLabel(tx: WriteStore, id: number): Promise<void> {
  const label = await tx.db.selectFrom('label').select(['key', 'name']).where('id', '=', id).executeTakeFirst()
  if (!label) throw notFound('This label')
  if (await labelByKey(tx, label.key)) throw conflict(`There is a new label “${label.name}” already.`)
  await tx.db.updateTable('label').set({ removed_at: null }).where('id', '=', id).execute()
  tx.changed('lead')
}

export const labelByKey = (store: ReadStore, key: string) =>
  store.db
    .selectFrom('label')
    .select(['id', 'name'])
    .where('key', '=', key)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
