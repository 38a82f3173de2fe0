import { onTestFinished } from 'vitest'
import { makeClocks } from '../../../../src/contact/clocks.ts'
import { companyFromEmail } from '../../../../src/enrich/company.ts'
import { day, hour } from '../../../../src/lib/durations.ts'
import { silentLog } from '../../../../src/lib/log.ts'
import { makeForesee } from '../../../../src/score/learn/foresee.ts'
import { makeLearnHandlers } from '../../../../src/score/learn/handlers.ts'
import { makeLearner } from '../../../../src/score/learn/learner.ts'
import { seededRandom } from '../../../../src/score/predict/random.ts'
import { trainInWorker, trainWorkerUrl } from '../../../../src/score/predict/train-in-worker.ts'
import { rescoreAll, rescoreByChance } from '../../../../src/score/rescore-all.ts'
import { defaultSettings } from '../../../../src/settings/defaults.ts'
import { makeFakeClock, tuesdayMorning } from '../../../fakes/fake-clock.ts'
import { openTestStore } from '../../../fakes/test-store.ts'

export const start = tuesdayMorning

/** A workspace in which leads come in and end; the learner trains in its real thread. */
export function openWorkshop() {
  const store = openTestStore()
  const clock = makeFakeClock(start)
  const clocks = makeClocks({ clock })
  const again = () => rescoreAll({ store, clock, clocks }, 'rules')
  const deps = { store, clock, companyFromEmail }
  const foresee = makeForesee({ ...deps, retier: (ids) => rescoreByChance({ store, clock, clocks }, ids) })
  let trained = 0
  const open = () =>
    makeLearner({
      ...deps,
      log: silentLog,
      foresee,
      rescoreAll: again,
      train: (table, options, signal) => {
        trained += 1
        return trainInWorker(table, { ...options, folds: 3 }, { worker: trainWorkerUrl(), signal })
      },
    })
  const learner = open()
  onTestFinished(async () => {
    await learner.stop()
    await store.close()
  })
  const predict = makeLearnHandlers({ store, clock, learner, foresee, rescoreAll: again })
  return { store, clock, learner, foresee, predict, open, trainings: () => trained }
}

export type Workshop = ReturnType<typeof openWorkshop>

const sources = ['Google', 'Referral', 'Yelp', 'Facebook']

export type Habits = {
  /** How likely a lead is won, by what is known of it when it comes in. */
  readonly chance: (lead: {
    readonly source: string
    readonly budget: number
    readonly channel: 'form' | 'call'
  }) => number
  readonly count: number
  readonly seed: number
  /** They are open yet. */
  readonly open?: boolean
}

/**
 * Leads that came in one after the other over the last months. The rules know nothing of sources and budgets here.
 * What happens after we spoke to them tells everything, so that a model which looked at it would be found out.
 */
export async function simulate(
  { store, clock }: Workshop,
  { chance, count, seed, open = false }: Habits,
): Promise<number[]> {
  const random = seededRandom(seed)
  const leadIds: number[] = []
  await store.set('business', { ...defaultSettings.business, alwaysOpen: true })
  await store.write(async (tx) => {
    for (let at = 0; at < count; at++) {
      const openedAt = open ? clock.now() - hour : start - 200 * day + Math.floor((at / count) * 190 * day)
      const source = sources[Math.floor(random() * sources.length)] ?? ''
      const channel = random() < 0.5 ? 'form' : 'call'
      const budget = Math.round(1000 + random() * 20_000)
      const won = random() < chance({ source, budget, channel })
      const person = await tx.db
        .insertInto('person')
        .values({ name: `P ${at}`, name_rank: 1, company: null, created_at: openedAt, updated_at: openedAt })
        .returning('id')
        .executeTakeFirstOrThrow()
      const lead = await tx.db
        .insertInto('lead')
        .values({
          person_id: person.id,
          status: open ? 'open' : 'done',
          source,
          source_detail: '{}',
          score: 0,
          tier: 'nurture',
          opened_at: openedAt,
          last_at: openedAt,
          last_channel: channel,
          last_direction: 'in',
          preview: '',
          missed_call: 0,
          outbox: 'idle',
          first_human_at: open ? null : openedAt + hour,
          ...(open
            ? {}
            : { outcome: won ? 'won' : 'lost', outcome_at: openedAt + 5 * day, done_at: openedAt + 5 * day }),
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      leadIds.push(lead.id)
      const say = (time: number, direction: 'in' | 'out', text: string) =>
        tx.db
          .insertInto('interaction')
          .values({
            person_id: person.id,
            lead_id: lead.id,
            account_id: null,
            channel,
            direction,
            at: time,
            author_id: null,
            automatic: 0,
            subject: '',
            text,
            quoted: null,
            delivery: direction === 'in' ? 'received' : 'sent',
            problem: null,
            created_at: time,
          })
          .execute()
      await say(openedAt, 'in', `Hello, we have about $${budget} for it`)
      if (open) continue
      await say(openedAt + hour, 'out', 'Thank you')
      // Said after it was decided: whoever looks at this cheats.
      await say(
        openedAt + 2 * day,
        'in',
        won ? 'Thank you so much, the contract is signed and the money is paid' : 'No',
      )
    }
  })
  return leadIds
}
