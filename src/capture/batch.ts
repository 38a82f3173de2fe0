import type { InferResult } from 'kysely'
import type { Counts, Cursor, Inbound, Party } from '../channels/channel.ts'
import type { LeadStatus } from '../inbox/contract.ts'
import { normalizeEmail, normalizePhone } from '../lib/handles.ts'
import { readAccounts } from '../store/queries/accounts.ts'
import { keptQuery } from '../store/queries/kept-query.ts'
import { readMembers } from '../store/queries/members.ts'
import { readSettings, type WorkspaceSettings } from '../store/queries/settings.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import { blaming } from './item-error.ts'
import { citedIds, type KnownMail, knownMails } from './known-mails.ts'

/** What a delivery brings. */
export type Delivery = {
  readonly accountId: number
  readonly items: readonly Inbound[]
  readonly cursors: readonly Cursor[]
  readonly counts: Counts | null
}

export type HandleKey = `${Party['kind']}:${string}`

export type KnownItem = {
  readonly id: number
  readonly revision: string
  readonly interactionId: number | null
  /** False for what the outbox sent: then there is nothing to replay. */
  readonly hasPayload: boolean
}

export type KnownPerson = {
  readonly id: number
  readonly name: string
  readonly nameRank: number
  readonly company: string | null
  readonly region: string | null
  readonly zone: string | null
}

export type KnownLead = {
  readonly id: number
  readonly status: LeadStatus
  readonly doneAt: number | null
  readonly snoozedUntil: number | null
  /** The snooze lasts even when they write. */
  readonly snoozeKept: boolean
}

/** What a delivery came to, for the health page. */
export type Tally = {
  seen: number
  taken: number
  newest: number
  /** How many were left out, by reason. */
  readonly leftOut: Map<string, number>
  /** What somebody sent just now: no history, no robots. */
  readonly arrivals: { readonly at: number; readonly itemId: number }[]
}

/** What happened to a lead in this delivery, in the order in which it happened. */
export type Touched = {
  readonly leadId: number
  readonly personId: number
  /** When it was opened; null when it was there before. */
  readonly openedAt: number | null
  /** Something of theirs came in: score and owner may change. */
  arrived: boolean
  /** It sleeps on: what is owed stands still until it wakes. */
  sleepsOn: boolean
  readonly clockEvents: ClockEvent[]
}

export type ClockEvent =
  | { readonly kind: 'asked'; readonly at: number }
  | { readonly kind: 'reopened'; readonly at: number }
  /** What may be sent to them changed. */
  | { readonly kind: 'reach'; readonly at: number }
  | { readonly kind: 'answered'; readonly at: number; readonly interactionId: number; readonly human: boolean }
  | { readonly kind: 'rang'; readonly at: number; readonly answeredAt: number | null; readonly interactionId: number }

/**
 * Everything that the items of one delivery share: read once at the start of the transaction, kept in step with what it
 * writes. Thousands of mails of a first synchronisation go through here, so nothing is asked twice.
 */
export type Batch = {
  readonly tx: WriteStore
  readonly now: number
  readonly accountId: number
  readonly settings: WorkspaceSettings
  /** Addresses and numbers of the business and its people: never a lead. */
  readonly own: ReadonlySet<HandleKey>
  readonly items: Map<string, KnownItem>
  /** Parties as they are stored, by how they were written: to understand a number takes a while. */
  readonly keys: Map<string, HandleKey | null>
  readonly owners: Map<HandleKey, number>
  /** Those of them from which nobody wants to hear. */
  readonly blocked: ReadonlySet<HandleKey>
  readonly people: Map<number, KnownPerson>
  readonly mails: Map<string, KnownMail[]>
  /** Made by this delivery: nothing of theirs was there before. */
  readonly newPeople: Set<number>
  /** The open lead of a person, else the last one; null when there is none. Absent: not asked yet. */
  readonly leads: Map<number, KnownLead | null>
  /** When they last used a handle. */
  readonly used: Map<HandleKey, number>
  /** People whose name, company or handles changed. */
  readonly toIndex: Set<number>
  readonly touched: Map<number, Touched>
  readonly tally: Tally
}

// Far below the most that a statement may have.
const perQuery = 500

/**
 * @param items what is known of the delivery already
 * @param fresh what is new or changed in it
 */
export async function openBatch(
  tx: WriteStore,
  accountId: number,
  items: Batch['items'],
  fresh: readonly Inbound[],
  now: number,
): Promise<Batch> {
  const settings = await readSettings(tx)
  const keys = new Map<string, HandleKey | null>()
  const cited = new Set<string>()
  for (const item of fresh) {
    await blaming(item, () => {
      for (const party of item.parties) keyOf({ keys, settings }, party)
      for (const id of citedIds(item)) cited.add(id)
    })
  }
  const { owners, blocked, people } = await readPeople(
    tx,
    [...new Set(keys.values())].filter((it) => it !== null),
  )
  return {
    tx,
    now,
    accountId,
    settings,
    own: await readOwn(tx, settings.business.country),
    items,
    keys,
    owners,
    blocked,
    people,
    mails: await knownMails(tx, [...cited]),
    newPeople: new Set(),
    leads: new Map(),
    used: new Map(),
    toIndex: new Set(),
    touched: new Map(),
    tally: { seen: 0, taken: 0, newest: 0, leftOut: new Map(), arrivals: [] },
  }
}

export async function readKnownItems(
  store: ReadStore,
  accountId: number,
  items: readonly Inbound[],
): Promise<Map<string, KnownItem>> {
  const known = new Map<string, KnownItem>()
  for (const ids of chunks(items.map((item) => item.externalId))) {
    const [first] = ids
    const rows =
      ids.length === 1 && first !== undefined
        ? await oneItem(store, { accountId, externalId: first })
        : await itemsQuery(store, accountId, ids).execute()
    for (const { id, external_id, revision, interaction_id, has_payload } of rows) {
      known.set(external_id, { id, revision, interactionId: interaction_id, hasPayload: Boolean(has_payload) })
    }
  }
  return known
}

const itemsQuery = ({ db }: Pick<ReadStore, 'db'>, accountId: number, externalIds: readonly string[]) =>
  db
    .selectFrom('inbound_item')
    .select(['id', 'external_id', 'revision', 'interaction_id'])
    .select((it) => it.or([it('payload', 'is not', null), it('payload_blob', 'is not', null)]).as('has_payload'))
    .where('account_id', '=', accountId)
    .where('external_id', 'in', externalIds)

type ItemRow = InferResult<ReturnType<typeof itemsQuery>>[number]

// What comes by itself comes one at a time: then there is nothing to gain by a list, and a query to build for it.
const oneItem = keptQuery<{ accountId: number; externalId: string }, ItemRow>((db, value) =>
  itemsQuery({ db }, value('accountId'), [value('externalId')]),
)

/** Remembers that something happened to a lead, so that all that follows from it is done once, at the end. */
export function touch(batch: Batch, leadId: number, personId: number, openedAt: number | null = null): Touched {
  const known = batch.touched.get(leadId)
  if (known) return known
  const touched: Touched = { leadId, personId, openedAt, arrived: false, sleepsOn: false, clockEvents: [] }
  batch.touched.set(leadId, touched)
  return touched
}

export function leaveOut({ tally }: Batch, reason: string): void {
  tally.leftOut.set(reason, (tally.leftOut.get(reason) ?? 0) + 1)
}

/** An address or number in the form in which it is stored; null for what is none. */
function handleKey(party: Party, country: string): HandleKey | null {
  const value = normalHandle(party, country)
  return value === null ? null : `${party.kind}:${value}`
}

function normalHandle({ kind, value }: Party, country: string): string | null {
  switch (kind) {
    case 'email':
      return normalizeEmail(value)
    case 'phone':
      return normalizePhone(value, country)
    case 'chat':
      return value === '' ? null : value
  }
}

/** The same for a party of the delivery. */
export function keyOf({ keys, settings }: Pick<Batch, 'keys' | 'settings'>, party: Party): HandleKey | null {
  const written = `${party.kind}:${party.value}`
  const known = keys.get(written)
  if (known !== undefined) return known
  const key = handleKey(party, settings.business.country)
  keys.set(written, key)
  return key
}

export const kindIn = (key: HandleKey) => key.slice(0, key.indexOf(':')) as Party['kind']
export const valueIn = (key: HandleKey) => key.slice(key.indexOf(':') + 1)

async function readPeople(tx: WriteStore, keys: readonly HandleKey[]) {
  const owners = new Map<HandleKey, number>()
  const blocked = new Set<HandleKey>()
  const people = new Map<number, KnownPerson>()
  for (const kind of ['email', 'phone', 'chat'] as const) {
    for (const values of chunks(keys.filter((key) => kindIn(key) === kind).map(valueIn))) {
      const [first] = values
      const rows =
        values.length === 1 && first !== undefined
          ? await oneHandle(tx, { kind, value: first })
          : await handlesQuery(tx, kind, values).execute()
      for (const { value, blocked_at, name_rank, ...person } of rows) {
        owners.set(`${kind}:${value}`, person.id)
        if (blocked_at !== null) blocked.add(`${kind}:${value}`)
        people.set(person.id, { ...person, nameRank: name_rank })
      }
    }
  }
  return { owners, blocked, people }
}

const handlesQuery = ({ db }: Pick<ReadStore, 'db'>, kind: Party['kind'], values: readonly string[]) =>
  db
    .selectFrom('handle')
    .innerJoin('person', 'person.id', 'handle.person_id')
    .select(['value', 'blocked_at', 'person.id', 'name', 'name_rank', 'company', 'region', 'zone'])
    .where('kind', '=', kind)
    .where('value', 'in', values)

type HandleRow = InferResult<ReturnType<typeof handlesQuery>>[number]

const oneHandle = keptQuery<{ kind: Party['kind']; value: string }, HandleRow>((db, slot) =>
  handlesQuery({ db }, slot('kind'), [slot('value')]),
)

/** Addresses and numbers of the business and its people. */
export async function readOwn(tx: ReadStore, country: string): Promise<Set<HandleKey>> {
  const own = new Set<HandleKey>()
  const add = (kind: 'email' | 'phone', value: unknown) => {
    const key = typeof value === 'string' ? handleKey({ kind, value, name: null }, country) : null
    if (key) own.add(key)
  }
  for (const { kind, settings } of await readAccounts(tx)) {
    if (kind !== 'email' && kind !== 'twilio') continue
    const { address, number, others } = settings as Readonly<Record<string, unknown>>
    add('email', address)
    for (const own of [number, ...(Array.isArray(others) ? others : [])]) add('phone', own)
  }
  for (const { email, mobile } of await readMembers(tx)) {
    add('email', email)
    add('phone', mobile)
  }
  return own
}

function* chunks<T>(values: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < values.length; from += perQuery) yield values.slice(from, from + perQuery)
}
