import { CompiledQuery } from 'kysely'
import { parsePhoneNumberFromString } from 'libphonenumber-js'
import type { HandleKind } from '../../people/contract.ts'
import type { WriteStore } from '../store.ts'
import { keptQuery } from './kept-query.ts'
import { nameKey } from './name-key.ts'

/**
 * Brings the search index and the order of names in line with a person's name, company and handles. Called in the transaction of
 * every change of those.
 */
export async function indexPerson(tx: WriteStore, personId: number): Promise<void> {
  const [person] = await personToIndex(tx, { personId })
  if (!person) {
    await tx.run(CompiledQuery.raw('delete from person_search where rowid = ?', [personId]))
    return
  }
  const words = (await handlesToIndex(tx, { personId })).flatMap(searchWords).join(' ')
  await saveNameKey(tx, { personId, key: nameKey(person.name) })
  await tx.run(CompiledQuery.raw(replacePerson, [personId, person.name, person.company ?? '', words]))
}

const saveNameKey = keptQuery<{ personId: number; key: string }, unknown>((db, value) =>
  db
    .updateTable('person')
    .set({ name_key: value('key') })
    .where('id', '=', value('personId'))
    .where('name_key', '!=', value('key')),
)
const personToIndex = keptQuery<{ personId: number }, { readonly name: string; readonly company: string | null }>(
  (db, value) =>
    db
      .selectFrom('person')
      .select(['name', 'company'])
      .where('id', '=', value('personId'))
      // Whoever was merged away is found as the one they turned out to be.
      .where('merged_into', 'is', null),
)
const handlesToIndex = keptQuery<{ personId: number }, { readonly kind: HandleKind; readonly value: string }>(
  (db, value) => db.selectFrom('handle').select(['kind', 'value']).where('person_id', '=', value('personId')),
)
// Contentless: `or replace` is the only update such a table knows, and only with every column given.
const replacePerson = 'insert or replace into person_search (rowid, name, company, handles) values (?, ?, ?, ?)'

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
