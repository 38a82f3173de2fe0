import type { Selectable } from 'kysely'
import type { FieldOrigin, PersonFieldTable } from '../schema.ts'
import type { ReadStore, WriteStore } from '../store.ts'
import { insertRow } from './insert-row.ts'
import { keptQuery } from './kept-query.ts'
import { indexPerson } from './search.ts'

/**
 * What can be known of a person beside the ways to reach them. `phone` and `email` are offers for new handles; `line` is
 * what kind of line one of their numbers is (`lib/line-type`: told lines).
 */
export const fieldNames = [
  'name',
  'company',
  'title',
  'website',
  'address',
  'postcode',
  'budget',
  'timeline',
  'phone',
  'email',
  'fax',
  'industry',
  'employees',
  'location',
  'profile',
  'line',
] as const
export type FieldName = (typeof fieldNames)[number]

/** One value that somebody gave for a field. */
export type KnownValue = {
  readonly field: FieldName
  /** Budgets in whole currency units, timelines in days from `at`, numbers in E.164. Empty: emptied on purpose. */
  readonly value: string
  /** As they wrote it; the label of a number. */
  readonly words?: string | null
  readonly origin: FieldOrigin
  /** 0 to 100: how far a machine is to be believed. */
  readonly confidence: number
  readonly at: number
  readonly interactionId?: number | null
  readonly providerId?: number | null
  readonly lookupId?: number | null
  readonly authorId?: number | null
}

export type FieldRow = Selectable<PersonFieldTable>

/** Fields that the person row shows; the others live in `person_field` alone. */
const columns = ['name', 'company', 'title'] as const
type Column = (typeof columns)[number]
const isColumn = (field: string): field is Column => columns.some((it) => it === field)

/** Several of these may be true at once; of every other field the best one counts. */
const many: ReadonlySet<string> = new Set(['phone', 'email', 'line'])
/** What people want changes: the last word counts, whoever brought it. */
const fleeting: ReadonlySet<string> = new Set(['budget', 'timeline'])

/** All values of a person, reverted ones too. */
export const fieldRowsQuery = ({ db }: Pick<ReadStore, 'db'>, personId: number) =>
  db.selectFrom('person_field').selectAll().where('person_id', '=', personId).orderBy('id')

export const fieldRows = keptQuery<{ personId: number }, FieldRow>((db, value) =>
  fieldRowsQuery({ db }, value('personId')),
)

/**
 * The value that counts: what a person typed before what a machine read, then the more believable, then the newer.
 * @param rows of one field
 */
export function bestOf(rows: readonly FieldRow[]): FieldRow | null {
  const standing = rows.filter((it) => it.reverted_at === null)
  const rank = (row: FieldRow) => (row.origin === 'typed' ? 101 : fleeting.has(row.field) ? 0 : row.confidence)
  return (
    standing.toSorted((a, b) => rank(b) - rank(a) || b.at - a.at || b.confidence - a.confidence || b.id - a.id)[0] ??
    null
  )
}

/** What somebody was told about the lines of a person, oldest first; what was taken out is not among it. */
export const toldLines = (rows: readonly Pick<FieldRow, 'field' | 'value' | 'reverted_at' | 'at'>[]): string[] =>
  rows
    .filter((it) => it.field === 'line' && it.reverted_at === null)
    .toSorted((a, b) => a.at - b.at)
    .map((it) => it.value)

/** The same, read of a person. */
export async function toldLinesOf({ db }: ReadStore, personId: number): Promise<string[]> {
  const rows = await db
    .selectFrom('person_field')
    .select(['field', 'value', 'reverted_at', 'at'])
    .where('person_id', '=', personId)
    .where('field', '=', 'line')
    .execute()
  return toldLines(rows)
}

/**
 * Adds values to what is known of a person and brings their row in line. A value that is known already, or that
 * somebody reverted, adds nothing; what a person typed is never replaced.
 * @returns the fields whose shown value changed
 */
export async function rememberFields(
  tx: WriteStore,
  personId: number,
  values: readonly KnownValue[],
  now: number,
): Promise<ReadonlySet<FieldName>> {
  const rows = await fieldRows(tx, { personId })
  const changed = new Set<FieldName>()
  const news = new Set<FieldName>()
  for (const value of values) {
    const same = rows.find((row) => isSame(row, value))
    if (!same) {
      const { field, origin } = value
      // What a form or a domain gave the row when the person was made is told here, after the fact, and keeps its origin.
      const explains = origin === 'domain' || origin === 'form' ? value.value : null
      if (isColumn(field)) await keepShown(tx, personId, field, rows, now, explains)
      rows.push(await insertField(tx, personId, value))
      news.add(value.field)
    } else if (same.reverted_at === null && value.at > same.at && mayRise(rows, same, value)) {
      // They are back to what they said once: it is the newest word again.
      await tx.db.updateTable('person_field').set({ at: value.at }).where('id', '=', same.id).execute()
      same.at = value.at
      news.add(value.field)
    }
  }
  for (const field of news) {
    if (await settle(tx, personId, field, rows, now)) changed.add(field)
  }
  if (news.size > 0) tx.changed('person', personId)
  return changed
}

/** Whether a person emptied this field last, of all who typed something into it. */
export async function wasEmptied({ db }: ReadStore, personId: number, field: FieldName): Promise<boolean> {
  const last = await db
    .selectFrom('person_field')
    .select('value')
    .where('person_id', '=', personId)
    .where('field', '=', field)
    .where('origin', '=', 'typed')
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last?.value === ''
}

/** Takes one value out of what counts. @returns the person, or null when there is no such value */
export async function revertField(tx: WriteStore, fieldId: number, now: number): Promise<number | null> {
  const row = await tx.db.selectFrom('person_field').selectAll().where('id', '=', fieldId).executeTakeFirst()
  if (!row) return null
  await revertRows(tx, [row], now)
  return row.person_id
}

/** Takes every value that a provider gave out of what counts, of one person or of all. @returns how many */
export async function revertProvider(
  tx: WriteStore,
  providerId: number,
  personId: number | null,
  now: number,
): Promise<number> {
  const rows = await tx.db
    .selectFrom('person_field')
    .selectAll()
    .where('provider_id', '=', providerId)
    .where('reverted_at', 'is', null)
    .$if(personId !== null, (it) => it.where('person_id', '=', personId ?? 0))
    .execute()
  await revertRows(tx, rows, now)
  return rows.length
}

async function revertRows(tx: WriteStore, reverted: readonly FieldRow[], now: number): Promise<void> {
  const people = Map.groupBy(reverted, (it) => it.person_id)
  for (const [personId, theirs] of people) {
    const rows = await fieldRowsQuery(tx, personId).execute()
    for (const { id, field } of theirs) {
      if (isColumn(field)) await keepShown(tx, personId, field, rows, now)
      await tx.db.updateTable('person_field').set({ reverted_at: now }).where('id', '=', id).execute()
      const row = rows.find((it) => it.id === id)
      if (row) row.reverted_at = now
    }
    for (const field of new Set(theirs.map((it) => it.field))) await settle(tx, personId, field, rows, now)
    tx.changed('person', personId)
  }
}

const isSame = (row: FieldRow, value: KnownValue): boolean =>
  row.field === value.field &&
  row.value === value.value &&
  row.origin === value.origin &&
  (row.provider_id ?? null) === (value.providerId ?? null)

/** A newer date on a value that counts already would only move it in time, except where time is what it is about. */
function mayRise(rows: readonly FieldRow[], same: FieldRow, value: KnownValue): boolean {
  if (many.has(value.field)) return false
  if (value.field === 'timeline' || value.origin === 'typed') return true
  return bestOf(rows.filter((it) => it.field === value.field))?.id !== same.id
}

async function insertField(tx: WriteStore, personId: number, value: KnownValue): Promise<FieldRow> {
  const row = {
    person_id: personId,
    field: value.field,
    value: value.value,
    words: value.words ?? null,
    origin: value.origin,
    confidence: value.confidence,
    at: value.at,
    interaction_id: value.interactionId ?? null,
    provider_id: value.providerId ?? null,
    lookup_id: value.lookupId ?? null,
    author_id: value.authorId ?? null,
    reverted_at: null,
  }
  return { id: await insertRow(tx, 'person_field', row), ...row }
}

const typedByUser = 2

/**
 * What the row shows came there without a book (a channel's name, a list, a merge): it gets an entry of its own before
 * anything else is written, so that a revert comes back to it.
 */
async function keepShown(
  tx: WriteStore,
  personId: number,
  field: Column,
  rows: FieldRow[],
  now: number,
  explained: string | null = null,
): Promise<void> {
  const person = await tx.db
    .selectFrom('person')
    .select(['name', 'name_rank', 'company', 'title', 'created_at'])
    .where('id', '=', personId)
    .executeTakeFirst()
  const shown = person?.[field]
  if (!person || !shown || shown === explained) return
  if (rows.some((row) => row.field === field && row.value === shown && row.reverted_at === null)) return
  const { origin, confidence } = originOfShown(field, person.name_rank)
  const at = Math.min(person.created_at, now)
  rows.push(await insertField(tx, personId, { field, value: shown, origin, confidence, at }))
}

/** How far what is in the row may be believed, when nobody wrote down where it came from. */
export function originOfShown(field: Column, nameRank: number): Pick<KnownValue, 'origin' | 'confidence'> {
  if (field !== 'name') return { origin: 'earlier', confidence: 90 }
  if (nameRank >= typedByUser) return { origin: 'typed', confidence: 100 }
  return nameRank === 1 ? { origin: 'channel', confidence: 80 } : { origin: 'address', confidence: 10 }
}

/** Writes the best value of a field into the person row, where the row has it. */
async function settle(
  tx: WriteStore,
  personId: number,
  field: string,
  rows: readonly FieldRow[],
  now: number,
): Promise<boolean> {
  const best = bestOf(rows.filter((it) => it.field === field))
  if (!isColumn(field)) return true
  const person = await tx.db
    .selectFrom('person')
    .select(['name', 'name_rank', 'company', 'title'])
    .where('id', '=', personId)
    .executeTakeFirstOrThrow()
  const value = best?.value || null
  // A person without a name cannot be shown: then the last one stays.
  if (field === 'name' && (value === null || best === null)) return false
  const rank = best?.origin === 'typed' ? typedByUser : best?.origin === 'address' ? 0 : 1
  const isNews = person[field] !== value
  if (!isNews && (field !== 'name' || person.name_rank === rank)) return false
  const set =
    field === 'name'
      ? { name: value ?? person.name, name_rank: rank }
      : field === 'company'
        ? { company: value }
        : { title: value }
  await tx.db
    .updateTable('person')
    .set({ ...set, updated_at: now })
    .where('id', '=', personId)
    .execute()
  if (isNews) await indexPerson(tx, personId)
  return isNews
}
