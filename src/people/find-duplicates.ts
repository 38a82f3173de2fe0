import { sql } from 'kysely'
import { normalizeEmail } from '../lib/handles.ts'
import { notFound } from '../rpc/errors.ts'
import { handlesOf, personByHandle, personById } from '../store/queries/person.ts'
import { onlyDigits } from '../store/queries/search.ts'
import { type FoundHandle, findPeople } from '../store/queries/search-find-people.ts'
import { exactly, wordsOf } from '../store/queries/search-words.ts'
import type { ReadStore } from '../store/store.ts'

export type Duplicate = {
  readonly personId: number
  readonly name: string
  readonly company: string | null
  readonly title: string | null
  readonly handles: readonly FoundHandle[]
  /** In words, the surest first. */
  readonly reasons: readonly string[]
}

// More namesakes than this say nothing about anybody.
export const mostNamesakes = 20
export const endDigits = 7
const latestMails = 20
// A signature is at the end.
export const signatureLength = 600
const mostShown = 5

export type Person = {
  readonly id: number
  readonly name: string
  readonly company: string | null
  readonly title: string | null
  readonly handles: readonly FoundHandle[]
}

/**
 * Who may be the same person: the same name in the same company or under the same domain, the same end of a number, an
 * address in a signature. A handful of look-ups, each by an index.
 * @throws DeskbellError `NOT_FOUND`
 */
export async function findDuplicates(
  store: ReadStore,
  personId: number,
  companyFromEmail: (address: string) => string | null,
): Promise<Duplicate[]> {
  const person = await readPerson(store, personId)
  if (!person) throw notFound('This person')
  const found = new Map<number, { reasons: string[]; weight: number }>()
  const add = (id: number, weight: number, reason: string) => {
    if (id === personId) return
    const known = found.get(id) ?? { reasons: [], weight: 0 }
    found.set(id, { reasons: [...known.reasons, reason], weight: known.weight + weight })
  }
  for (const { id, reason } of await inSignatures(store, person)) add(id, 3, reason)
  for (const { id, reason } of await claimedInChat(store, person)) add(id, 3, reason)
  for (const other of await namesakes(store, person)) {
    const reason = sameNameReason(person, other, companyFromEmail)
    if (reason) add(other.id, 2, reason)
  }
  for (const other of await sameEnd(store, person)) add(other.id, 1, 'Numbers that end the same, and a similar name')
  const apart = await saidNotSame(store, personId)
  const best = [...found].filter(([id]) => !apart.has(id)).sort(([, a], [, b]) => b.weight - a.weight)
  const duplicates: Duplicate[] = []
  for (const [id, { reasons }] of best.slice(0, mostShown)) {
    const other = await readPerson(store, id)
    if (!other) continue
    const { name, company, title, handles } = other
    duplicates.push({ personId: id, name, company, title, handles, reasons })
  }
  return duplicates
}

/** Null for somebody who is not there, or was merged into somebody else. */
export async function readPerson(store: ReadStore, personId: number): Promise<Person | null> {
  const person = await personById(store, personId)
  if (!person || person.merged_into !== null) return null
  return { ...person, handles: await handlesOf(store, personId) }
}

/** A first name alone, or a number in place of a name, is shared by too many. */
export const isTelling = (words: readonly string[]) => words.length >= 2 && !words.some((word) => /\d/.test(word))

async function namesakes(store: ReadStore, person: Person): Promise<Person[]> {
  const words = wordsOf(person.name)
  if (!isTelling(words)) return []
  const terms = words.map((word) => ({ words: [word], begins: false }))
  const found = await findPeople(store, { terms, address: null, digits: null }, mostNamesakes + 1)
  if (found.length > mostNamesakes) return []
  const others: Person[] = []
  for (const { personId } of found) {
    const other = personId === person.id ? null : await readPerson(store, personId)
    if (other && nameKey(other.name) === nameKey(person.name)) others.push(other)
  }
  return others
}

function sameNameReason(a: Person, b: Person, companyFromEmail: (address: string) => string | null): string | null {
  if (a.company && b.company && companyKey(a.company) === companyKey(b.company)) return `The same name at ${b.company}`
  // Two people at one provider of free mail have nothing in common.
  const domain = domainsOf(a).find((it) => domainsOf(b).includes(it) && companyFromEmail(`x@${it}`) !== null)
  if (domain) return `The same name, and both write from ${domain}`
  const only = (person: Person, kind: 'email' | 'phone') =>
    person.handles.length > 0 && person.handles.every((it) => it.kind === kind)
  const complement = (only(a, 'email') && only(b, 'phone')) || (only(a, 'phone') && only(b, 'email'))
  return complement ? 'The same name; one has only an address, the other only a number' : null
}

async function sameEnd(store: ReadStore, person: Person): Promise<Person[]> {
  const ends = person.handles
    .filter((it) => it.kind === 'phone')
    .map((it) => onlyDigits(it.value).slice(-endDigits))
    .filter((it) => it.length === endDigits)
  const others = new Map<number, Person>()
  for (const end of new Set(ends)) {
    const found = await findPeople(store, { terms: [exactly(end)], address: null, digits: end }, mostNamesakes)
    for (const { personId } of found) {
      const other = personId === person.id ? null : await readPerson(store, personId)
      const ends = other?.handles.some((it) => it.kind === 'phone' && onlyDigits(it.value).endsWith(end))
      if (other && ends && sharesWord(person.name, other.name)) others.set(other.id, other)
    }
  }
  return [...others.values()]
}

/** Somebody signs with an address that is on the card of somebody else, seen from both. */
async function inSignatures(store: ReadStore, person: Person): Promise<{ id: number; reason: string }[]> {
  const found: { id: number; reason: string }[] = []
  const { rows } = await sql<{
    readonly text: string
  }>`select substr(text, -${signatureLength}) as text from interaction
    where person_id = ${person.id} and direction = 'in' and channel = 'email' order by at desc limit ${latestMails}`.execute(
    store.db,
  )
  const own = new Set(person.handles.map((it) => it.value))
  const addresses = new Set(rows.flatMap(({ text }) => addressesIn(text)).filter((it) => !own.has(it)))
  for (const address of addresses) {
    const owner = await personByHandle(store, 'email', address)
    if (owner && sharesWord(owner.name, person.name)) {
      found.push({ id: owner.personId, reason: `Signs with ${address}, which is ${owner.name}’s` })
    }
  }
  for (const { value } of person.handles.filter((it) => it.kind === 'email')) {
    const others = await sql<{ readonly id: number; readonly name: string; readonly text: string }>`
      with found as materialized (
        select rowid as id from interaction_search where interaction_search match ${`text : "${wordsOf(value).join(' ')}"`}
        order by rowid desc limit ${latestMails})
      select person.id, person.name, substr(interaction.text, -${signatureLength}) as text
      from found join interaction on interaction.id = found.id join person on person.id = interaction.person_id
      where interaction.direction = 'in' and interaction.channel = 'email' and person.id != ${person.id}`.execute(
      store.db,
    )
    for (const other of others.rows) {
      const isNew = !found.some((it) => it.id === other.id)
      if (isNew && addressesIn(other.text).includes(value) && sharesWord(other.name, person.name)) {
        found.push({ id: other.id, reason: `${other.name} signs with ${value}` })
      }
    }
  }
  return found
}

/** A visitor of the website gave an address or a number that is somebody else's, seen from both. */
async function claimedInChat(store: ReadStore, person: Person): Promise<{ id: number; reason: string }[]> {
  const { rows } = await claimsQuery(person.id).execute(store.db)
  const found = new Map(rows.map((it) => [it.id, it]))
  return [...found.values()].map(({ id, value, name, byThem }) => ({
    id,
    reason: byThem ? `${name} gave ${value} in the chat` : `Gave ${value} in the chat, which is ${name}’s`,
  }))
}

type Claim = { readonly id: number; readonly name: string; readonly value: string; readonly byThem: 0 | 1 }

/** Those whose address this person gave, and those who gave this person's. Cross joins: SQLite keeps their order. */
export const claimsQuery = (personId: number) => sql<Claim>`
  select person.id, person.name, theirs.value, 0 as "byThem"
    from handle as mine join chat_visitor on chat_visitor.visitor = mine.value
    join handle as theirs on (theirs.kind = 'email' and theirs.value = chat_visitor.email)
      or (theirs.kind = 'phone' and theirs.value = chat_visitor.phone)
    join person on person.id = theirs.person_id
    where mine.person_id = ${personId} and mine.kind = 'chat' and theirs.person_id != ${personId}
  union all
  select person.id, person.name, mine.value, 1 as "byThem"
    from handle as mine cross join chat_visitor on chat_visitor.email = mine.value and chat_visitor.email is not null
    cross join handle as theirs on theirs.kind = 'chat' and theirs.value = chat_visitor.visitor
    join person on person.id = theirs.person_id
    where mine.person_id = ${personId} and mine.kind = 'email' and theirs.person_id != ${personId}
  union all
  select person.id, person.name, mine.value, 1 as "byThem"
    from handle as mine cross join chat_visitor on chat_visitor.phone = mine.value and chat_visitor.phone is not null
    cross join handle as theirs on theirs.kind = 'chat' and theirs.value = chat_visitor.visitor
    join person on person.id = theirs.person_id
    where mine.person_id = ${personId} and mine.kind = 'phone' and theirs.person_id != ${personId}`

async function saidNotSame({ db }: ReadStore, personId: number): Promise<Set<number>> {
  const rows = await db
    .selectFrom('distinct_people')
    .select(['low_id', 'high_id'])
    .where((it) => it.or([it('low_id', '=', personId), it('high_id', '=', personId)]))
    .execute()
  return new Set(rows.map((it) => (it.low_id === personId ? it.high_id : it.low_id)))
}

export const addressesIn = (text: string) =>
  (text.match(/[\w.+-]+@[\w-]+(\.[\w-]+)+/g) ?? []).flatMap((it) => normalizeEmail(it) ?? [])
export const nameKey = (name: string) => wordsOf(name).sort().join(' ')
const companyKey = (name: string) =>
  wordsOf(name)
    .filter((word) => !/^(inc|llc|ltd|gmbh|co|corp|company|kg|and|the|sa|bv)$/.test(word))
    .join(' ')
const sharesWord = (a: string, b: string) => wordsOf(a).some((word) => word.length > 1 && wordsOf(b).includes(word))
const domainsOf = ({ handles }: Person) =>
  handles.filter((it) => it.kind === 'email').map((it) => it.value.slice(it.value.lastIndexOf('@') + 1))
