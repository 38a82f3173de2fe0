import { notFound } from '../rpc/errors.ts'
import type { ReadStore, Store } from '../store/store.ts'
import { type ProviderSettings, providerSettings } from './contract.ts'
import { activeProvidersQuery, askAgainAfter, queueLookups } from './queue-lookups.ts'

/**
 * What it would cost to ask each service that is on about the people of a list. A list is never asked about by itself:
 * it may have a hundred thousand rows, and somebody pays for each.
 */
export async function importLookups(store: ReadStore, importId: number, now: number) {
  const providers = await activeProvidersQuery(store).execute()
  const services = []
  for (const { id, name, settings: json } of providers) {
    const settings = providerSettings.parse(JSON.parse(json))
    const row = await peopleQuery(store, importId, { id, settings }, now)
      .select(({ fn }) => fn.count<number>('import_row.person_id').distinct().as('people'))
      .executeTakeFirst()
    const people = Number(row?.people ?? 0)
    const { currency, cost, perDay, costPerDay } = settings
    if (people > 0) services.push({ providerId: id, name, people, currency, cost: cost * people, perDay, costPerDay })
  }
  return services
}

// A transaction of its own for each: a long one would hold up what comes in.
const atOnce = 200

/** Puts them on the list of the service, in parts. @returns how many */
export async function askAboutImport(
  store: Store,
  importId: number,
  providerId: number,
  now: () => number,
): Promise<number> {
  const provider = (await activeProvidersQuery(store.read).execute()).find((it) => it.id === providerId)
  if (!provider) throw notFound('This service')
  const settings = providerSettings.parse(JSON.parse(provider.settings))
  let queued = 0
  for (let after = 0; ; ) {
    const rows = await peopleQuery(store.read, importId, { id: providerId, settings }, now())
      .select('import_row.person_id as personId')
      .distinct()
      .where('import_row.person_id', '>', after)
      .orderBy('import_row.person_id')
      .limit(atOnce)
      .execute()
    const people = rows.flatMap((it) => it.personId ?? [])
    if (people.length === 0) return queued
    queued += await store.write(async (tx) => {
      let count = 0
      for (const personId of people) count += await queueLookups(tx, personId, now(), (it) => it.id === providerId)
      return count
    })
    after = people.at(-1) ?? after
  }
}

type Asked = { readonly id: number; readonly settings: Pick<ProviderSettings, 'url' | 'body'> }

/** The people of a list who have what the service is asked with, and whom it was not asked about lately. */
export function peopleQuery({ db }: ReadStore, importId: number, { id, settings }: Asked, now: number) {
  const asksByPhone = [settings.url, settings.body].join('').includes('{phone}')
  return db
    .selectFrom('import_row')
    .where('import_row.import_id', '=', importId)
    .where('import_row.done', 'is not', null)
    .where('import_row.person_id', 'is not', null)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('handle')
          .select('handle.id')
          .whereRef('handle.person_id', '=', 'import_row.person_id')
          .where('handle.kind', '=', asksByPhone ? 'phone' : 'email')
          .where('handle.valid', '=', 1),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('lookup')
            .select('lookup.id')
            .whereRef('lookup.person_id', '=', 'import_row.person_id')
            .where('lookup.provider_id', '=', id)
            .where('lookup.created_at', '>', now - askAgainAfter),
        ),
      ),
    )
}
