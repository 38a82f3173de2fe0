import { sql } from 'kysely'
import { parsePhoneNumberFromString } from 'libphonenumber-js'
import type { HandleKind } from '../../people/contract.ts'
import type { WriteStore } from '../store.ts'

/**
 * Brings the search index of people in line with a person's name, company and handles. Called in the transaction of
 * every change of those.
 */
export async function indexPerson(tx: WriteStore, personId: number): Promise<void> {
  const person = await tx.db
    .selectFrom('person')
    .select(['name', 'company'])
    .where('id', '=', personId)
    // Whoever was merged away is found as the one they turned out to be.
    .where('merged_into', 'is', null)
    .executeTakeFirst()
  if (!person) {
    await sql`delete from person_search where rowid = ${personId}`.execute(tx.db)
    return
  }
  const handles = await tx.db.selectFrom('handle').select(['kind', 'value']).where('person_id', '=', personId).execute()
  const words = handles.flatMap(searchWords).join(' ')
  // Contentless: `or replace` is the only update such a table knows, and only with every column given.
  await sql`insert or replace into person_search (rowid, name, company, handles)
    values (${personId}, ${person.name}, ${person.company ?? ''}, ${words})`.execute(tx.db)
}

/** Nobody looks for a browser by its name. */
function searchWords({ kind, value }: { readonly kind: HandleKind; readonly value: string }): string[] {
  if (kind === 'chat') return []
  return kind === 'phone' ? phoneWords(value) : [value]
}

// People remember a number without its country code, and often only its end.
const shortestEnd = 7

/**
 * The forms of a number by which it may be looked for, digits only: +14155550187 → 14155550187, 4155550187, 5550187.
 * @param value E.164
 */
function phoneWords(value: string): string[] {
  const digits = onlyDigits(value)
  const parsed = parsePhoneNumberFromString(value)
  const national = parsed ? [parsed.nationalNumber, onlyDigits(parsed.formatNational())] : []
  const end = digits.length > shortestEnd ? [digits.slice(-shortestEnd)] : []
  return [...new Set([digits, ...national, ...end])].filter((it) => it !== '')
}

export const onlyDigits = (value: string): string => value.replace(/\D/g, '')
