import type { Clock } from '../lib/clock.ts'
import { displayPhone } from '../lib/handles.ts'
import type { Host } from '../lib/host.ts'
import { badInput, notFound } from '../rpc/errors.ts'
import type { HandlersOf } from '../rpc/serve.ts'
import { recordEvent } from '../store/queries/events.ts'
import { survivorOf } from '../store/queries/merges.ts'
import { revertField, revertProvider } from '../store/queries/person-fields.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { ReadStore, Store, WriteStore } from '../store/store.ts'
import { askAboutImport, importLookups } from './ask-about-import.ts'
import { spentToday } from './claim-lookup.ts'
import { type enrichContract, type Provider, type ProviderSettings, providerSettings } from './contract.ts'
import { knownOfPerson, labelOf } from './known-fields.ts'
import { type Lookups, providerById, providerSecret, readValue, type TriedOut } from './lookups.ts'
import { presets } from './presets.ts'
import { checkProvider } from './provider-request.ts'
import { type CardReader, installNote, readCardText } from './read-card.ts'

export type EnrichHandlersDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly host: Host
  readonly lookups: Pick<Lookups, 'nudge' | 'tryOut'>
  readonly cards: CardReader
  readonly platform: NodeJS.Platform
  /** Adds an address or number to a person, with everything that came from it: people/claim-handle. */
  readonly claimHandle: (
    tx: WriteStore,
    personId: number,
    handle: { readonly kind: 'email' | 'phone'; readonly value: string },
    now: number,
  ) => Promise<number>
  /** Score, deadlines and rows of a person after something of theirs changed. */
  readonly settlePerson: (tx: WriteStore, personId: number, now: number) => Promise<void>
}

const longestShown = 20_000

/** Answers `enrich.*` of the contract. */
export function makeEnrichHandlers(deps: EnrichHandlersDeps): HandlersOf<typeof enrichContract> {
  const { store, clock, host, lookups, cards } = deps
  const home = async () => (await readSettings(store.read)).business

  return {
    'enrich.person': async ({ personId }) =>
      knownOfPerson(store.read, await survivorOf(store.read, personId), (await home()).country),

    'enrich.revert': async ({ fieldId }) => {
      await store.write(async (tx) => {
        const row = await tx.db.selectFrom('person_field').selectAll().where('id', '=', fieldId).executeTakeFirst()
        if (!row || row.reverted_at !== null) throw notFound('This value')
        if (row.origin === 'typed') throw badInput('Somebody typed this. Change it with the pencil.')
        const now = clock.now()
        await revertField(tx, fieldId, now)
        const isOffer = row.field === 'phone' || row.field === 'email'
        const { me } = await readSettings(tx)
        await recordEvent(tx, {
          at: now,
          type: 'person.field_reverted',
          personId: row.person_id,
          authorId: me,
          text: isOffer ? '' : `Took out ${labelOf(row.field).toLowerCase()} “${row.value}”`,
          data: { fieldId },
        })
        await deps.settlePerson(tx, row.person_id, now)
      })
      return {}
    },

    'enrich.revertProvider': ({ providerId, personId }) =>
      store.write(async (tx) => {
        const now = clock.now()
        const people = await tx.db
          .selectFrom('person_field')
          .select('person_id')
          .distinct()
          .where('provider_id', '=', providerId)
          .where('reverted_at', 'is', null)
          .$if(personId !== null, (it) => it.where('person_id', '=', personId ?? 0))
          .execute()
        const reverted = await revertProvider(tx, providerId, personId, now)
        for (const it of people) await deps.settlePerson(tx, it.person_id, now)
        return { reverted }
      }),

    'enrich.takeOffer': ({ fieldId }) =>
      store.write(async (tx) => {
        const row = await tx.db.selectFrom('person_field').selectAll().where('id', '=', fieldId).executeTakeFirst()
        if (!row || (row.field !== 'phone' && row.field !== 'email')) throw notFound('This number or address')
        const handle = { kind: row.field, value: row.value } as const
        const handleId = await deps.claimHandle(tx, row.person_id, handle, clock.now())
        if (row.words) await tx.db.updateTable('handle').set({ label: row.words }).where('id', '=', handleId).execute()
        return { handleId }
      }),

    'enrich.providers': async () => {
      const { zone } = await home()
      const rows = await store.read.db
        .selectFrom('provider')
        .selectAll()
        .where('removed_at', 'is', null)
        .orderBy('id')
        .execute()
      const providers: Provider[] = []
      for (const row of rows) {
        providers.push({
          id: row.id,
          name: row.name,
          settings: providerSettings.parse(JSON.parse(row.settings)),
          state: row.state,
          problem: row.problem,
          hasKey: (await host.getSecret(providerSecret(row.id))) !== null,
          today: await spentToday(store.read, row.id, zone, clock.now()),
          queued: await queuedFor(store.read, row.id),
        })
      }
      return { providers }
    },

    'enrich.presets': async () => ({ presets: [...presets] }),

    'enrich.saveProvider': async ({ id, name, settings, key }) => {
      checkProvider(settings)
      const saved = await store.write((tx) =>
        saveProvider(tx, { id, name, settings, hasNewKey: key !== null }, clock.now()),
      )
      if (key !== null) await host.setSecret(providerSecret(saved), key)
      lookups.nudge()
      return { id: saved }
    },

    'enrich.switchProvider': async ({ id, on }) => {
      await store.write(async (tx) => {
        if (!(await providerById(tx, id))) throw notFound('This service')
        await tx.db
          .updateTable('provider')
          .set({ state: on ? 'on' : 'off', problem: null })
          .where('id', '=', id)
          .execute()
        tx.changed('setting')
      })
      lookups.nudge()
      return {}
    },

    'enrich.removeProvider': async ({ id }) => {
      await store.write(async (tx) => {
        if (!(await providerById(tx, id))) throw notFound('This service')
        await tx.db
          .updateTable('provider')
          .set({ state: 'off', removed_at: clock.now() })
          .where('id', '=', id)
          .execute()
        await tx.db.deleteFrom('lookup').where('provider_id', '=', id).where('state', '=', 'queued').execute()
        tx.changed('setting')
      })
      await host.deleteSecret(providerSecret(id))
      return {}
    },

    'enrich.tryProvider': async ({ id, personId }) => {
      const tried = await lookups.tryOut(id, await survivorOf(store.read, personId))
      const { country } = await home()
      const now = await knownOfPerson(store.read, personId, country)
      const found = tried.answer.kind === 'found' ? tried.answer.fields : []
      return {
        request: requestText(tried),
        status: tried.answer.status,
        answer: pretty(tried.answer.text).slice(0, longestShown),
        problem: 'problem' in tried.answer ? tried.answer.problem : null,
        found: found.flatMap(({ field, value }) => {
          const read = readValue(field, value, country)
          const shown = now.fields.find((it) => it.field === field)?.display ?? null
          return read === null ? [] : [{ field, label: labelOf(field), value: read, now: shown }]
        }),
        cost: tried.cost,
      }
    },

    'enrich.importLookups': async ({ importId }) => ({
      services: await importLookups(store.read, importId, clock.now()),
    }),

    'enrich.askAboutImport': async ({ importId, providerId }) => {
      const queued = await askAboutImport(store, importId, providerId, clock.now)
      lookups.nudge()
      return { queued }
    },

    'enrich.cardReader': async () => {
      const ready = await cards.ready()
      return { ready, note: ready ? '' : installNote(deps.platform) }
    },

    'enrich.readCard': async ({ bytes }) => {
      const { country } = await home()
      const text = await cards.read(bytes)
      const card = readCardText(text, country)
      return {
        text: text.trim(),
        name: card.name,
        company: card.company,
        title: card.title,
        website: card.website,
        address: card.address,
        phones: card.phones
          .filter((it) => it.label !== 'fax')
          .map((it) => ({ value: it.number, display: displayPhone(it.number, country), label: it.label })),
        emails: [...card.emails],
      }
    },
  }
}

async function queuedFor({ db }: ReadStore, providerId: number): Promise<number> {
  const row = await db
    .selectFrom('lookup')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('provider_id', '=', providerId)
    .where('state', '=', 'queued')
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

type Saving = {
  readonly id: number | null
  readonly name: string
  readonly settings: ProviderSettings
  readonly hasNewKey: boolean
}

async function saveProvider(tx: WriteStore, { id, name, settings, hasNewKey }: Saving, now: number): Promise<number> {
  tx.changed('setting')
  const json = JSON.stringify(settings)
  if (id === null) {
    const made = await tx.db
      .insertInto('provider')
      .values({ name, settings: json, state: 'off', problem: null, created_at: now, removed_at: null })
      .returning('id')
      .executeTakeFirstOrThrow()
    return made.id
  }
  const before = await providerById(tx, id)
  if (!before) throw notFound('This service')
  const hostBefore = hostIn(providerSettings.parse(JSON.parse(before.settings)))
  if (hostBefore !== hostIn(settings) && !hasNewKey) {
    throw badInput('This is another service than before. Type its key, so that the old one is not sent there.')
  }
  await tx.db.updateTable('provider').set({ name, settings: json }).where('id', '=', id).execute()
  return id
}

const hostIn = ({ url }: ProviderSettings) => new URL(url.replace(/[{}]/g, '')).host

function requestText({ request }: TriedOut): string {
  const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`)
  return [`${request.method} ${request.url}`, ...headers, ...(request.body === null ? [] : ['', request.body])].join(
    '\n',
  )
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
