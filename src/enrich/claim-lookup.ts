import { day, hour, minute, second } from '../lib/durations.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import { type ProviderSettings, providerSettings } from './contract.ts'
import { askAgainAfter } from './queue-lookups.ts'

/** A question taken for one attempt, paid for in advance. */
export type Claim = {
  readonly lookupId: number
  readonly providerId: number
  readonly personId: number
  /** As `subjectOf` wrote it. */
  readonly subject: string
  readonly settings: ProviderSettings
  readonly attempt: number
}

export type Claimed =
  | { readonly kind: 'ask'; readonly claim: Claim }
  /** Somebody else was asked the same within the last months: the answer is there and costs nothing. */
  | { readonly kind: 'known'; readonly claim: Claim; readonly answer: string | null }
  /** The day's limit is used up; it waits until tomorrow. */
  | { readonly kind: 'waits' }
  | { readonly kind: 'idle' }

/** The next question that is due, of a provider that is on. */
export const dueQuery = ({ db }: ReadStore) =>
  db
    .selectFrom('lookup')
    .innerJoin('provider', 'provider.id', 'lookup.provider_id')
    .select([
      'lookup.id',
      'lookup.provider_id',
      'lookup.person_id',
      'lookup.subject',
      'lookup.attempts',
      'lookup.not_before',
      'lookup.cost',
      'provider.settings',
    ])
    .where('lookup.state', '=', 'queued')
    .where('provider.state', '=', 'on')
    .where('provider.removed_at', 'is', null)
    .orderBy('lookup.not_before')
    .orderBy('lookup.id')
    .limit(1)

/**
 * Takes the next question. The day's limits, of records and of money, are checked and the price is booked here, in one
 * transaction: two askers, or a crash in between, cannot spend more than was allowed.
 * @param zone the business's: its day is the day of the limit
 */
export async function claimNext(tx: WriteStore, zone: string, now: number): Promise<Claimed> {
  const due = await dueQuery(tx).executeTakeFirst()
  if (!due || due.not_before > now) return { kind: 'idle' }
  const settings = providerSettings.parse(JSON.parse(due.settings))
  const claim = {
    lookupId: due.id,
    providerId: due.provider_id,
    personId: due.person_id,
    subject: due.subject,
    settings,
    attempt: due.attempts + 1,
  }
  const known = await knownAnswerQuery(tx, due.provider_id, due.subject, now - askAgainAfter).executeTakeFirst()
  if (known) return { kind: 'known', claim, answer: known.state === 'found' ? known.answer : null }
  if (!(await bookLookup(tx, due, settings, zone, now))) {
    await tx.db
      .updateTable('lookup')
      .set({ not_before: startOfDay(zone, now) + day + 5 * second, updated_at: now })
      .where('provider_id', '=', due.provider_id)
      .where('state', '=', 'queued')
      .where('not_before', '<=', now)
      .execute()
    return { kind: 'waits' }
  }
  return { kind: 'ask', claim }
}

/** Books the price of one question and marks it as being asked. @returns false when a limit of the day says no */
export async function bookLookup(
  tx: WriteStore,
  lookup: { readonly id: number; readonly provider_id: number; readonly attempts: number; readonly cost: number },
  settings: ProviderSettings,
  zone: string,
  now: number,
): Promise<boolean> {
  const spent = await spentToday(tx, lookup.provider_id, zone, now)
  if (spent.asked >= settings.perDay || spent.cost + settings.cost > settings.costPerDay) return false
  await tx.db
    .updateTable('lookup')
    .set({
      state: 'asking',
      claimed_at: now,
      attempts: lookup.attempts + 1,
      cost: lookup.cost + settings.cost,
      updated_at: now,
    })
    .where('id', '=', lookup.id)
    .execute()
  return true
}

export const knownAnswerQuery = ({ db }: ReadStore, providerId: number, subject: string, since: number) =>
  db
    .selectFrom('lookup')
    .select(['state', 'answer'])
    .where('provider_id', '=', providerId)
    .where('subject', '=', subject)
    .where('state', 'in', ['found', 'nothing'])
    .where('created_at', '>', since)
    .orderBy('created_at', 'desc')
    .limit(1)

/** What a provider was asked and has cost since midnight. */
export async function spentToday(
  store: ReadStore,
  providerId: number,
  zone: string,
  now: number,
): Promise<{ readonly asked: number; readonly cost: number }> {
  const row = await spentQuery(store, providerId, startOfDay(zone, now)).executeTakeFirst()
  return { asked: Number(row?.asked ?? 0), cost: Number(row?.cost ?? 0) }
}

export const spentQuery = ({ db }: ReadStore, providerId: number, since: number) =>
  db
    .selectFrom('lookup')
    .select(({ fn }) => [fn.countAll<number>().as('asked'), fn.sum<number | null>('cost').as('cost')])
    .where('provider_id', '=', providerId)
    .where('claimed_at', '>=', since)

/** Midnight where the business is. On the two days a year when clocks change it is an hour off, which no limit minds. */
function startOfDay(zone: string, now: number): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(now)
  const part = (type: string) => Number(parts.find((it) => it.type === type)?.value ?? 0)
  return Math.floor(now / second) * second - (part('hour') * hour + part('minute') * minute + part('second') * second)
}
