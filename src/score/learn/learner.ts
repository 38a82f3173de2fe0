import type { Clock } from '../../lib/clock.ts'
import { day, hour, minute, second } from '../../lib/durations.ts'
import type { Log } from '../../lib/log.ts'
import { readSettings, saveSetting } from '../../store/queries/settings.ts'
import type { Store } from '../../store/store.ts'
import { type Table, TableProblem } from '../predict/table.ts'
import type { Trained, TrainOptions } from '../predict/train.ts'
import type { Foresee } from './foresee.ts'
import { judgeModel, neededToLearn } from './judge-model.ts'
import type { KnowDeps } from './known-then.ts'
import { latestTraining, modelOf, saveTraining, type Training } from './models.ts'
import { countOutcomes, positive, readTrainingSet, target } from './training-set.ts'

export type LearnerDeps = KnowDeps & {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly foresee: Foresee
  /** Trains in a thread of its own. */
  readonly train: (table: Table, options: TrainOptions, signal: AbortSignal) => Promise<Trained>
  /** Gives every open lead the tier of the stored settings. */
  readonly rescoreAll: () => Promise<unknown>
}

export type Learner = {
  /** New facts of these people; none: of anybody. */
  readonly nudge: (personIds: readonly number[]) => void
  /** Learns now, whether it is time or not. @returns false when it learns already, or there is too little to learn from */
  readonly learnNow: () => Promise<boolean>
  readonly isLearning: () => boolean
  /** Looks soon, then once an hour, whether it is time to learn. Returns at once. */
  readonly start: () => void
  /** Cuts off what runs; the next start begins it anew. */
  readonly stop: () => Promise<void>
}

const firstLook = minute
const everySoOften = hour
// Facts come in bursts: a form, its insight, its look-up.
const pause = 2 * second
const longestLife = 10 * day
// So much more is known, as a share of what was, that it may learn something else.
const growth = 0.1

/** Whether to learn again. */
export function isDue(training: Training | null, outcomes: number, now: number): boolean {
  if (outcomes < neededToLearn) return false
  if (training === null || training.report === null) return true
  if (outcomes - training.outcomes >= training.outcomes * growth) return true
  return now - training.trainedAt >= longestLife && outcomes !== training.outcomes
}

/**
 * Learns from how leads ended, on a schedule that survives restarts: what is stored says when it was done last, and
 * nothing is stored before a training is over.
 */
export function makeLearner(deps: LearnerDeps): Learner {
  const { store, clock, log, foresee, train, rescoreAll } = deps
  const ending = { controller: new AbortController() }
  const pending = new Set<number>()
  let stopped = true
  let everybody = false
  let armed = false
  let cancelLook: () => void = () => {}
  let cancelNudge: () => void = () => {}
  let training: Promise<void> | null = null
  let foreseeing: Promise<void> = Promise.resolve()

  async function learn() {
    const { signal } = ending.controller
    const set = await readTrainingSet(store.read, deps)
    const trained = await train(set.table, { target, positive }, signal)
    const judged = judgeModel(trained, set)
    signal.throwIfAborted()
    const decided = await store.write(async (tx) => {
      const { predict } = await readSettings(tx)
      await saveTraining(tx, judged, trained.model, clock.now())
      const cuts = judged.state === 'ready' ? judged.report.cuts : null
      await saveSetting(tx, 'predict', { on: predict.on, cuts: predict.on ? cuts : null })
      return predict.on
    })
    await foresee.run(null, signal)
    if (decided) await rescoreAll()
  }

  /** One at a time. */
  function begin(): boolean {
    if (training !== null || stopped) return false
    training = learn()
      .finally(async () => {
        training = null
        // Whoever looks at the review sees that it is over.
        if (!stopped) await store.write(async (tx) => tx.changed('setting'))
      })
      .catch((error: unknown) => {
        if (ending.controller.signal.aborted) return
        if (error instanceof TableProblem) log.warn({ why: error.message }, 'the predictive score could not learn')
        else log.error({ err: error }, 'the predictive score could not learn')
      })
    return true
  }

  async function look() {
    try {
      const latest = await latestTraining(store.read)
      const { outcomes } = await countOutcomes(store.read)
      const unreadable =
        latest !== null && latest.state !== 'refused' && (await modelOf(store.read, latest.id)) === null
      if (isDue(unreadable ? null : latest, outcomes, clock.now())) begin()
      else await foresee.run(null, ending.controller.signal)
    } catch (error) {
      log.error({ err: error }, 'the predictive score could not be looked after')
    }
    arm(everySoOften)
  }

  const arm = (delay: number) => {
    if (stopped) return
    cancelLook = clock.after(delay, () => {
      foreseeing = foreseeing.then(look)
    })
  }

  async function foreseePending() {
    armed = false
    const people = everybody ? null : [...pending]
    everybody = false
    pending.clear()
    try {
      await foresee.run(people, ending.controller.signal)
    } catch (error) {
      log.error({ err: error }, 'the chance of leads could not be foreseen')
    }
  }

  return {
    nudge: (personIds) => {
      if (personIds.length === 0) everybody = true
      for (const it of personIds) pending.add(it)
      if (stopped || armed) return
      armed = true
      cancelNudge = clock.after(pause, () => {
        foreseeing = foreseeing.then(foreseePending)
      })
    },
    learnNow: async () => (await countOutcomes(store.read)).outcomes >= neededToLearn && begin(),
    isLearning: () => training !== null,
    start: () => {
      stopped = false
      ending.controller = new AbortController()
      arm(firstLook)
    },
    stop: async () => {
      stopped = true
      armed = false
      cancelLook()
      cancelNudge()
      ending.controller.abort()
      await training
      await foreseeing
    },
  }
}
