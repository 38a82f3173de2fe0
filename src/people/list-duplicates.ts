import { sql } from 'kysely'
import { onlyDigits } from '../store/queries/search.ts'
import { wordsOf } from '../store/queries/search-words.ts'
import type { ReadStore } from '../store/store.ts'
import {
  addressesIn,
  type Duplicate,
  endDigits,
  findDuplicates,
  isTelling,
  mostNamesakes,
  nameKey,
  type Person,
  readPerson,
  signatureLength,
} from './find-duplicates.ts'

export type Pair = { readonly person: Person; readonly other: Duplicate }

// Small enough that nothing else waits for it noticeably.
const pageSize = 500

/**
 * Everybody who may be there twice, the newest first, each pair once. Goes over all names, numbers and signatures for
 * those who have anything in common, then asks {@link findDuplicates} about these alone; the engine answers in between.
 */
export async function listDuplicates(
  store: ReadStore,
  companyFromEmail: (address: string) => string | null,
  limit: number,
): Promise<{ readonly pairs: Pair[]; readonly more: boolean }> {
  const ids = [...(await haveInCommon(store))].sort((a, b) => b - a)
  const pairs: Pair[] = []
  const seen = new Set<string>()
  for (const id of ids) {
    const person = await readPerson(store, id)
    if (!person) continue
    for (const other of await findDuplicates(store, id, companyFromEmail)) {
      const key = id < other.personId ? `${id} ${other.personId}` : `${other.personId} ${id}`
      if (seen.has(key)) continue
      if (pairs.length === limit) return { pairs, more: true }
      seen.add(key)
      pairs.push({ person, other })
    }
    await breathe()
  }
  return { pairs, more: false }
}

async function haveInCommon(store: ReadStore): Promise<Set<number>> {
  const found = new Set<number>()
  const addShared = (groups: ReadonlyMap<string, ReadonlySet<number>>) => {
    for (const group of groups.values()) {
      // The one who is looked at is not among their namesakes.
      if (group.size > 1 && group.size <= mostNamesakes + 1) for (const id of group) found.add(id)
    }
  }
  addShared(await byName(store))
  addShared(await byEnd(store))
  for (const id of await inSignatures(store)) found.add(id)
  for (const id of await fromChat(store)) found.add(id)
  return found
}

async function byName({ db }: ReadStore): Promise<Map<string, Set<number>>> {
  const groups = new Map<string, Set<number>>()
  await eachPage(
    (after) =>
      db
        .selectFrom('person')
        .select(['id', 'name'])
        .where('merged_into', 'is', null)
        .where('id', '>', after)
        .orderBy('id')
        .limit(pageSize)
        .execute(),
    ({ id, name }) => {
      if (isTelling(wordsOf(name))) addTo(groups, nameKey(name), id)
    },
  )
  return groups
}

async function byEnd(store: ReadStore): Promise<Map<string, Set<number>>> {
  const groups = new Map<string, Set<number>>()
  await eachHandle(store, ({ person_id, kind, value }) => {
    const end = onlyDigits(value).slice(-endDigits)
    if (kind === 'phone' && end.length === endDigits) addTo(groups, end, person_id)
  })
  return groups
}

/** Who signs with an address that is not their own, but somebody's. */
async function inSignatures(store: ReadStore): Promise<Set<number>> {
  const owners = new Map<string, number>()
  await eachHandle(store, ({ person_id, kind, value }) => {
    if (kind === 'email') owners.set(value, person_id)
  })
  const signers = new Set<number>()
  await eachPage(
    async (after) => {
      const { rows } = await mailEnds(after).execute(store.db)
      return rows
    },
    ({ person_id, text }) => {
      if (text === null || !text.includes('@')) return
      for (const address of addressesIn(text)) {
        const owner = owners.get(address)
        if (owner !== undefined && owner !== person_id) signers.add(person_id)
      }
    },
  )
  return signers
}

/** Texts are long: only their ends leave the database, and those of other kinds not at all. */
const mailEnds = (after: number) => sql<{
  readonly id: number
  readonly person_id: number
  readonly text: string | null
}>`
  select id, person_id, case when direction = 'in' and channel = 'email' then substr(text, -${signatureLength}) end as text
  from interaction where id > ${after} order by id limit ${pageSize}`

/** Visitors of the website who said who they are. */
async function fromChat({ db }: ReadStore): Promise<Set<number>> {
  const rows = await db
    .selectFrom('handle')
    .innerJoin('chat_visitor', 'chat_visitor.visitor', 'handle.value')
    .select('handle.person_id')
    .where('handle.kind', '=', 'chat')
    .where((it) => it.or([it('chat_visitor.email', 'is not', null), it('chat_visitor.phone', 'is not', null)]))
    .execute()
  return new Set(rows.map((it) => it.person_id))
}

type Handle = { readonly id: number; readonly person_id: number; readonly kind: string; readonly value: string }

function eachHandle({ db }: ReadStore, take: (handle: Handle) => void): Promise<void> {
  const page = (after: number) =>
    db
      .selectFrom('handle')
      .select(['id', 'person_id', 'kind', 'value'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageSize)
      .execute()
  return eachPage(page, take)
}

async function eachPage<T extends { readonly id: number }>(
  read: (after: number) => Promise<readonly T[]>,
  take: (row: T) => void,
): Promise<void> {
  let after = 0
  for (;;) {
    const page = await read(after)
    for (const row of page) take(row)
    const last = page.at(-1)
    if (!last || page.length < pageSize) return
    after = last.id
    await breathe()
  }
}

function addTo(groups: Map<string, Set<number>>, key: string, id: number): void {
  const group = groups.get(key)
  if (group) group.add(id)
  else groups.set(key, new Set([id]))
}

/** Lets everything else have its turn: promises alone would keep the engine to themselves. */
const breathe = () => new Promise<void>((resolve) => setImmediate(resolve))
