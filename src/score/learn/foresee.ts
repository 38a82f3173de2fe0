import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../lib/clock.ts'
import { day } from '../../lib/durations.ts'
import { readSettings } from '../../store/queries/settings.ts'
import type { ReadStore, Store } from '../../store/store.ts'
import { type Model, predict } from '../predict/model.ts'
import { reasonsFor } from '../predict/reasons.ts'
import { type Table, tableFromRecords } from '../predict/table.ts'
import { reasonWords } from './column-words.ts'
import type { LeadChance } from './contract.ts'
import { decisionOf, type KnowDeps, readKnownThen } from './known-then.ts'
import { latestTraining, modelOf } from './models.ts'

export type ForeseeDeps = KnowDeps & {
  readonly store: Store
  readonly clock: Clock
  /** Gives leads the tier that follows from their new chance, when the chance decides. */
  readonly retier: (leadIds: readonly number[]) => Promise<unknown>
}

export type Foresee = {
  /** Gives open leads their chance: of some people, or of everybody. Leads whose chance cannot change are passed over. */
  readonly run: (people: readonly number[] | null, signal: AbortSignal) => Promise<void>
  /** Why this lead has the chance it has. */
  readonly explain: (leadId: number) => Promise<LeadChance['reasons']>
}

// Read and foreseen at once, written at once.
const portion = 50
const mostReasons = 5
const mostPeople = 500

export function makeForesee({ store, clock, retier, ...deps }: ForeseeDeps): Foresee {
  // Reading a model from its JSON takes some ms; the newest is kept.
  let known: { readonly id: number; readonly model: Model } | null = null

  async function serving(): Promise<typeof known> {
    const training = await latestTraining(store.read)
    if (!training || training.state === 'refused') return null
    if (known?.id === training.id) return known
    const model = await modelOf(store.read, training.id)
    known = model ? { id: training.id, model } : null
    return known
  }

  async function tableOf(leads: readonly OpenLead[], now: number): Promise<Table> {
    const { business } = await readSettings(store.read)
    const records = []
    for (const lead of leads) {
      const then = Math.min(now, decisionOf(lead))
      records.push((await readKnownThen(store.read, lead, then, business, deps)).known)
    }
    return tableFromRecords(records)
  }

  async function foresee(leads: readonly OpenLead[], { id, model }: NonNullable<typeof known>) {
    const now = clock.now()
    const chances = predict(model, await tableOf(leads, now))
    const moved: number[] = []
    await store.write(async (tx) => {
      for (const [at, { leadId, personId, chance, modelId }] of leads.entries()) {
        const foreseen = chances[at] ?? null
        await tx.db
          .updateTable('lead')
          .set({ chance: foreseen, chance_model: id, chance_at: now })
          .where('id', '=', leadId)
          .execute()
        if (foreseen === chance && modelId === id) continue
        moved.push(leadId)
        tx.changed('lead', personId)
      }
    })
    if (moved.length > 0) await retier(moved)
  }

  async function runFor(people: readonly number[] | null, by: NonNullable<typeof known>, signal: AbortSignal) {
    for (let after = 0; !signal.aborted; ) {
      const leads: readonly OpenLead[] = await leadsToForeseeQuery(store.read, {
        people,
        after,
        modelId: by.id,
      }).execute()
      const last = leads.at(-1)
      if (!last) return
      after = last.leadId
      await foresee(leads, by)
      await setImmediate()
    }
  }

  return {
    run: async (people, signal) => {
      const by = await serving()
      if (!by) return
      // A first sync is about more people than a question may name.
      for (const part of people === null ? [null] : portionsOf(people)) await runFor(part, by, signal)
    },
    explain: async (leadId) => {
      const by = await serving()
      const lead = await openLeadQuery(store.read).where('id', '=', leadId).executeTakeFirst()
      if (!by || !lead) return []
      const table = await tableOf([lead], clock.now())
      return reasonsFor(by.model, table, 0, mostReasons).map((it) => ({
        text: reasonWords(it),
        direction: it.direction,
      }))
    },
  }
}

function* portionsOf(people: readonly number[]): Generator<readonly number[]> {
  for (let at = 0; at < people.length; at += mostPeople) yield people.slice(at, at + mostPeople)
}

type OpenLead = {
  readonly leadId: number
  readonly personId: number
  readonly openedAt: number
  readonly firstHumanAt: number | null
  readonly outcomeAt: number | null
  readonly chance: number | null
  readonly modelId: number | null
}

const openLeadQuery = (store: ReadStore) =>
  store.db
    .selectFrom('lead')
    .select(['id as leadId', 'person_id as personId', 'opened_at as openedAt', 'first_human_at as firstHumanAt'])
    .select(['outcome_at as outcomeAt', 'chance', 'chance_model as modelId'])

/** Open leads that this model did not judge yet, or judged before everything was known that counts. */
export function leadsToForeseeQuery(
  store: ReadStore,
  {
    people,
    after,
    modelId,
  }: { readonly people: readonly number[] | null; readonly after: number; readonly modelId: number },
) {
  return openLeadQuery(store)
    .where('status', '=', 'open')
    .where('id', '>', after)
    .$if(people !== null, (query) => query.where('person_id', 'in', people ?? []))
    .where((it) =>
      it.or([
        it('chance_model', 'is', null),
        it('chance_model', '!=', modelId),
        it.and([
          it('chance_at', '<=', it('opened_at', '+', day)),
          it.or([it('first_human_at', 'is', null), it('chance_at', '<=', it.ref('first_human_at'))]),
        ]),
      ]),
    )
    .orderBy('id')
    .limit(portion)
}
