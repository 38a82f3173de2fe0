import { day } from '../lib/durations.ts'
import { insertRow } from '../store/queries/insert-row.ts'
import { keptRead } from '../store/queries/kept-read.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import { type ProviderSettings, providerSettings } from './contract.ts'
import { type Subject, subjectOf, workDomain } from './provider-request.ts'

/** Nobody is asked about twice within this time. */
export const askAgainAfter = 90 * day

/** Providers that may be asked. */
export const activeProvidersQuery = ({ db }: ReadStore) =>
  db.selectFrom('provider').select(['id', 'name', 'settings']).where('state', '=', 'on').where('removed_at', 'is', null)

const activeProviders = keptRead(['provider'], async (store) =>
  (await activeProvidersQuery(store).execute()).map(({ id, settings }) => ({
    id,
    settings: providerSettings.parse(JSON.parse(settings)),
  })),
)

/** What a person can be asked about with. Used last first. */
export async function subjectOfPerson({ db }: ReadStore, personId: number): Promise<Subject | null> {
  const person = await db
    .selectFrom('person')
    .select(['name', 'name_rank'])
    .where('id', '=', personId)
    .executeTakeFirst()
  if (!person) return null
  const handles = await db
    .selectFrom('handle')
    .select(['kind', 'value'])
    .where('person_id', '=', personId)
    .where('valid', '=', 1)
    .orderBy('last_used_at', 'desc')
    .orderBy('id')
    .execute()
  const email = handles.find((it) => it.kind === 'email')?.value ?? null
  const work = handles.find((it) => it.kind === 'email' && workDomain(it.value) !== null)?.value ?? null
  const phone = handles.find((it) => it.kind === 'phone' && it.value.startsWith('+'))?.value ?? null
  return { name: person.name_rank > 0 ? person.name : null, email: work ?? email, domain: workDomain(work), phone }
}

/** Which of the providers that are on; all of them where nothing is said. */
export type Which = (provider: { readonly id: number; readonly settings: ProviderSettings }) => boolean

/** Those that tell kinds of lines: all that a first text to somebody needs. */
export const tellsLines: Which = ({ settings }) => settings.answer.some((it) => it.field === 'line')

/**
 * Puts a person on the list of providers that are on, in the transaction that found them; nothing is asked here.
 * @returns on how many lists they came
 */
export async function queueLookups(tx: WriteStore, personId: number, now: number, which?: Which): Promise<number> {
  const active = await activeProviders(tx)
  const providers = which ? active.filter(which) : active
  if (providers.length === 0) return 0
  const subject = await subjectOfPerson(tx, personId)
  if (!subject) return 0
  let queued = 0
  for (const { id, settings } of providers) {
    const about = subjectOf(settings, subject)
    if (about === null) continue
    const recent = await recentQuery(tx, personId, id, now - askAgainAfter).executeTakeFirst()
    if (recent) continue
    queued += 1
    await insertRow(tx, 'lookup', {
      provider_id: id,
      person_id: personId,
      subject: about,
      state: 'queued',
      not_before: now,
      attempts: 0,
      claimed_at: null,
      cost: 0,
      answer: null,
      problem: null,
      created_at: now,
      updated_at: now,
    })
    // Wakes who asks: there is no table of windows for it.
    tx.changed('person', personId)
  }
  return queued
}

export const recentQuery = ({ db }: ReadStore, personId: number, providerId: number, since: number) =>
  db
    .selectFrom('lookup')
    .select('id')
    .where('person_id', '=', personId)
    .where('provider_id', '=', providerId)
    .where('created_at', '>', since)
    .limit(1)
