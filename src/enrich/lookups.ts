import { must } from '../lib/assert.ts'
import type { Clock } from '../lib/clock.ts'
import { hour, minute, second } from '../lib/durations.ts'
import { normalizeEmail, normalizePhone } from '../lib/handles.ts'
import { accountSecret, type Host } from '../lib/host.ts'
import { type LineType, toldLine } from '../lib/line-type.ts'
import type { Log } from '../lib/log.ts'
import { makeLookTimer } from '../lib/look-timer.ts'
import { badInput, conflict, notFound } from '../rpc/errors.ts'
import { type KnownValue, rememberFields } from '../store/queries/person-fields.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { ReadStore, Store, WriteStore } from '../store/store.ts'
import { type Answer, askProvider, type Fetch } from './ask-provider.ts'
import { bookLookup, type Claim, claimNext, dueQuery } from './claim-lookup.ts'
import { type ProviderField, type ProviderSettings, providerSettings } from './contract.ts'
import { guessedCompany } from './learn.ts'
import { blottedKey, buildRequest, type ProviderRequest, subjectOf } from './provider-request.ts'
import { subjectOfPerson } from './queue-lookups.ts'
import { hostOf } from './read-signature.ts'

/** Asks paid services about new people, one question at a time, within the limits of the day. */
export type Lookups = {
  /** Takes up what an earlier life left. */
  readonly start: () => Promise<void>
  /** Breaks off the question under way; it is asked again at the next start. */
  readonly stop: () => Promise<void>
  /** There may be something to ask. Cheap to call after every commit. */
  readonly nudge: () => void
  /** Asks about one person now and writes nothing of it. */
  readonly tryOut: (providerId: number, personId: number) => Promise<TriedOut>
}

export type TriedOut = {
  readonly request: ProviderRequest
  readonly answer: Answer
  readonly cost: number
}

export type LookupsDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** 0 ≤ x < 1 */
  readonly random: () => number
  readonly host: Pick<Host, 'getSecret'>
  readonly fetch: Fetch
  /** Something new is known of a person: score, deadlines and rows follow. */
  readonly settlePerson: (tx: WriteStore, personId: number, now: number) => Promise<void>
}

/** The name of the key of a provider in the system's key store. */
export const providerSecret = (providerId: number) => `provider-${providerId}`

const longestIdle = 10 * minute
const mostAttempts = 6
const firstWait = minute
const longestWait = 6 * hour
const confidence = 65

export function makeLookups(deps: LookupsDeps): Lookups {
  const { store, clock, log } = deps
  const stopping = new AbortController()

  /** @returns when the next question is due, ms UTC */
  const look = async (): Promise<number> => {
    while (!stopping.signal.aborted) {
      const next = await dueQuery(store.read).executeTakeFirst()
      if (!next) return Number.POSITIVE_INFINITY
      if (next.not_before > clock.now()) return next.not_before
      const claimed = await store.write(async (tx) => {
        const { business } = await readSettings(tx)
        const taken = await claimNext(tx, business.zone, clock.now())
        if (taken.kind === 'known') await settleKnown(tx, deps, taken.claim, taken.answer, clock.now())
        return taken
      })
      if (claimed.kind !== 'ask') continue
      const { claim } = claimed
      const subject = await subjectOfPerson(store.read, claim.personId)
      const about = subject && subjectOf(claim.settings, subject)
      const key = await keyOf(deps, claim.providerId, claim.settings)
      const answer: Answer =
        subject === null || about === null
          ? { kind: 'nothing', status: 0, text: '' }
          : await askProvider(deps.fetch, buildRequest(claim.settings, subject, key), claim.settings, stopping.signal)
      // A stop in the middle leaves it as being asked; the next start takes it up.
      if (stopping.signal.aborted) break
      await store.write((tx) => settle(tx, deps, claim, answer, clock.now()))
    }
    return Number.POSITIVE_INFINITY
  }

  const timer = makeLookTimer({
    clock,
    look,
    failed: (error) => log.error({ error: String(error) }, 'a look-up could not be made'),
    longestWait: longestIdle,
    calmly: 0,
  })

  const tryOut = async (providerId: number, personId: number): Promise<TriedOut> => {
    const now = clock.now()
    const subject = must(await subjectOfPerson(store.read, personId), 'the person')
    const taken = await store.write(async (tx) => bookTrial(tx, providerId, personId, subject, now))
    const key = await keyOf(deps, providerId, taken.settings)
    const answer = await askProvider(
      deps.fetch,
      buildRequest(taken.settings, subject, key),
      taken.settings,
      stopping.signal,
    )
    await store.write(async (tx) => {
      await closeTrial(tx, taken, answer, clock.now())
      if (answer.kind === 'stop') await stopProvider(tx, providerId, answer.problem)
    })
    return {
      request: buildRequest(taken.settings, subject, blottedKey),
      answer,
      cost: isCharged(answer, taken.settings) ? taken.settings.cost : 0,
    }
  }

  return {
    start: async () => {
      // Nobody knows whether these were counted over there: what they cost stays booked.
      await store.write(async (tx) => {
        await tx.db
          .updateTable('lookup')
          .set({ state: 'queued', not_before: clock.now() })
          .where('state', '=', 'asking')
          .execute()
      })
      // A slow service must not hold up the start of everything else.
      void timer.start()
    },
    stop: async () => {
      stopping.abort()
      await timer.stop()
    },
    nudge: timer.nudge,
    tryOut,
  }
}

type Trial = { readonly lookupId: number; readonly settings: ProviderSettings }

async function bookTrial(
  tx: WriteStore,
  providerId: number,
  personId: number,
  subject: NonNullable<Awaited<ReturnType<typeof subjectOfPerson>>>,
  now: number,
): Promise<Trial> {
  const provider = await providerById(tx, providerId)
  if (!provider) throw notFound('This service')
  const settings = providerSettings.parse(JSON.parse(provider.settings))
  const about = subjectOf(settings, subject)
  if (about === null)
    throw badInput(
      'This person has nothing to be asked with. Choose one with an address (of a company, for company look-ups) or a number.',
    )
  const { business } = await readSettings(tx)
  const { id } = await tx.db
    .insertInto('lookup')
    .values({
      provider_id: providerId,
      person_id: personId,
      subject: about,
      state: 'asking',
      not_before: now,
      created_at: now,
      updated_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const booked = await bookLookup(
    tx,
    { id, provider_id: providerId, attempts: 0, cost: 0 },
    settings,
    business.zone,
    now,
  )
  if (!booked) throw conflict('Today’s limit is used up. Raise it, or try again tomorrow.')
  return { lookupId: id, settings }
}

async function closeTrial(tx: WriteStore, { lookupId, settings }: Trial, answer: Answer, now: number): Promise<void> {
  const isSettled = answer.kind === 'found' || answer.kind === 'nothing'
  await tx.db
    .updateTable('lookup')
    .set({
      state: isSettled ? answer.kind : 'failed',
      answer: answer.kind === 'found' ? JSON.stringify(answer.fields) : null,
      cost: isCharged(answer, settings) ? settings.cost : 0,
      problem: 'problem' in answer ? answer.problem : null,
      updated_at: now,
    })
    .where('id', '=', lookupId)
    .execute()
}

export const providerById = ({ db }: ReadStore, id: number) =>
  db.selectFrom('provider').selectAll().where('id', '=', id).where('removed_at', 'is', null).executeTakeFirst()

/** Whether this is on the bill over there. A time-out may be. */
function isCharged(answer: Answer, settings: ProviderSettings): boolean {
  if (answer.kind === 'found') return true
  if (answer.kind === 'later') return answer.charged
  return answer.kind === 'nothing' && settings.chargesForNothing && answer.status !== 0
}

async function stopProvider(tx: WriteStore, providerId: number, problem: string): Promise<void> {
  await tx.db
    .updateTable('provider')
    .set({ state: 'stopped', problem })
    .where('id', '=', providerId)
    .where('state', '!=', 'off')
    .execute()
  tx.changed('setting')
}

async function settleKnown(tx: WriteStore, deps: LookupsDeps, claim: Claim, answer: string | null, now: number) {
  await tx.db
    .updateTable('lookup')
    .set({ state: answer === null ? 'nothing' : 'found', answer, updated_at: now })
    .where('id', '=', claim.lookupId)
    .execute()
  if (answer !== null) await writeFields(tx, deps, claim, JSON.parse(answer) as Fields, now)
}

type Fields = readonly { readonly field: ProviderField; readonly value: string }[]

async function settle(tx: WriteStore, deps: LookupsDeps, claim: Claim, answer: Answer, now: number): Promise<void> {
  const row = await tx.db
    .selectFrom('lookup')
    .select(['state', 'cost'])
    .where('id', '=', claim.lookupId)
    .executeTakeFirst()
  // Removed with its person meanwhile.
  if (row?.state !== 'asking') return
  const refund = isCharged(answer, claim.settings) ? 0 : claim.settings.cost
  const base = {
    cost: Math.max(0, row.cost - refund),
    updated_at: now,
    problem: 'problem' in answer ? answer.problem : null,
  }
  const update = (values: object) =>
    tx.db
      .updateTable('lookup')
      .set({ ...base, ...values })
      .where('id', '=', claim.lookupId)
      .execute()
  switch (answer.kind) {
    case 'found':
      await update({ state: 'found', answer: JSON.stringify(answer.fields) })
      await writeFields(tx, deps, claim, answer.fields, now)
      break
    case 'nothing':
      await update({ state: 'nothing' })
      break
    case 'failed':
      await update({ state: 'failed' })
      break
    case 'stop':
      await update({ state: 'queued', not_before: now })
      await stopProvider(tx, claim.providerId, answer.problem)
      break
    case 'later': {
      if (claim.attempt >= mostAttempts) {
        await update({ state: 'failed' })
        break
      }
      const wait = Math.max(answer.waitMs ?? 0, backOff(claim.attempt, deps.random()))
      await update({ state: 'queued', not_before: now + wait })
      // Whoever wants fewer questions gets none from the others either.
      await tx.db
        .updateTable('lookup')
        .set({ not_before: now + wait })
        .where('provider_id', '=', claim.providerId)
        .where('state', '=', 'queued')
        .where('not_before', '<', now + wait)
        .execute()
      break
    }
  }
  // Shown with the provider: what today has cost.
  tx.changed('setting')
}

function backOff(attempt: number, random: number): number {
  const wait = Math.min(longestWait, firstWait * 4 ** (attempt - 1))
  return Math.round(wait * (0.75 + random / 2)) + second
}

async function writeFields(
  tx: WriteStore,
  deps: LookupsDeps,
  claim: Claim,
  fields: Fields,
  now: number,
): Promise<void> {
  const { business } = await readSettings(tx)
  // The kind of line is that of the number they were asked with.
  const asked = /(?:^| )phone:(\S+)/.exec(claim.subject)?.[1] ?? null
  const values = fields.flatMap(({ field, value }): KnownValue[] => {
    const read = readValue(field, value, business.country)
    const kept = field === 'line' && read !== null ? asked && toldLine(asked, read) : read
    if (kept === null) return []
    return [
      {
        field,
        value: kept,
        origin: 'provider',
        confidence,
        at: now,
        providerId: claim.providerId,
        lookupId: claim.lookupId,
      },
    ]
  })
  const handles = await tx.db
    .selectFrom('handle')
    .select(['kind', 'value'])
    .where('person_id', '=', claim.personId)
    .execute()
  const own = new Set(handles.map((it) => it.value))
  const news = values.filter((it) => !((it.field === 'phone' || it.field === 'email') && own.has(it.value)))
  const person = await tx.db.selectFrom('person').select('company').where('id', '=', claim.personId).executeTakeFirst()
  const guessed = guessedCompany(person?.company ?? null, handles, news)
  const changed = await rememberFields(tx, claim.personId, [...guessed, ...news], now)
  if (changed.size > 0) await deps.settlePerson(tx, claim.personId, now)
}

/** In the form in which such a field is kept; null when it is none. */
export function readValue(field: ProviderField, value: string, country: string): string | null {
  if (field === 'phone') return normalizePhone(value, country)
  if (field === 'email') return normalizeEmail(value)
  if (field === 'line') return lineKinds[value.toLowerCase().replace(/[^a-z]/g, '')] ?? null
  if (field === 'employees') return /^\d[\d,. ]*$/.test(value) ? value.replace(/\D/g, '') : null
  if (field === 'website') return hostOf(value) || null
  return value
}

/** How services call kinds of lines; Twilio's are those of Lookup v2 (docs/enrichment.md). What none of them knows is left out. */
const lineKinds: Readonly<Record<string, LineType>> = {
  mobile: 'mobile',
  wireless: 'mobile',
  cell: 'mobile',
  landline: 'landline',
  fixed: 'landline',
  fixedline: 'landline',
  voip: 'voip',
  fixedvoip: 'voip',
  nonfixedvoip: 'voip',
  tollfree: 'toll_free',
  personal: 'other',
  premium: 'other',
  sharedcost: 'other',
  uan: 'other',
  voicemail: 'other',
  pager: 'other',
}

const twilioLookup = 'https://lookups.twilio.com'

/** The key of a service; Twilio's own is asked with the account that is connected when it has none of its own. */
async function keyOf({ store, host }: LookupsDeps, providerId: number, { url }: ProviderSettings): Promise<string> {
  const own = await host.getSecret(providerSecret(providerId))
  if (own) return own
  const accounts = await store.read.db
    .selectFrom('account')
    .select(['id', 'settings'])
    .where('kind', '=', 'twilio')
    .orderBy('id')
    .execute()
  for (const { id, settings } of accounts) {
    const { accountSid, baseUrl } = JSON.parse(settings) as { accountSid: string; baseUrl: string | null }
    // Its token goes nowhere but to Twilio: the address is compared as a whole.
    if (URL.parse(url.replace(/[{}]/g, ''))?.origin !== (baseUrl ? new URL(baseUrl).origin : twilioLookup)) continue
    const token = await host.getSecret(accountSecret(id))
    if (token) return `${accountSid}:${token}`
  }
  return ''
}
