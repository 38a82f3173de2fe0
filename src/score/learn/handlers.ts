import type { Clock } from '../../lib/clock.ts'
import { day } from '../../lib/durations.ts'
import { conflict, notFound } from '../../rpc/errors.ts'
import type { HandlersOf } from '../../rpc/serve.ts'
import { readSettings, saveSetting } from '../../store/queries/settings.ts'
import type { Store } from '../../store/store.ts'
import type { Rescored } from '../rescore-all.ts'
import type { learnContract } from './contract.ts'
import type { Foresee } from './foresee.ts'
import { neededToDecide, neededToLearn } from './judge-model.ts'
import type { Learner } from './learner.ts'
import { latestTraining } from './models.ts'
import { readReviewedAt, saveReviewedAt } from './reviewed.ts'
import { countOutcomes } from './training-set.ts'

export type LearnHandlersDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly learner: Learner
  readonly foresee: Foresee
  readonly rescoreAll: () => Promise<Rescored>
}

// Four times a year, as the guides say.
const quarter = 91 * day
// Of fewer nothing can be said.
const fewestToReview = 20

/** Answers `predict.*` of the contract. */
export function makeLearnHandlers(deps: LearnHandlersDeps): HandlersOf<typeof learnContract> {
  const { store, clock, learner, foresee, rescoreAll } = deps
  return {
    'predict.review': async () => {
      const training = await latestTraining(store.read)
      const counted = await countOutcomes(store.read)
      const { predict } = await readSettings(store.read)
      const reviewedAt = await readReviewedAt(store.read)
      const missing = neededToLearn - counted.outcomes
      return {
        outcomes: counted.outcomes,
        won: counted.won,
        neededToLearn,
        neededToDecide,
        state: training?.state ?? 'off',
        reason:
          training?.reason ??
          (missing > 0
            ? `You need ${missing} more ${missing === 1 ? 'outcome' : 'outcomes'}: mark leads as won, lost or disqualified.`
            : 'Enough is known by now: it learns within the hour, or at once if you say so.'),
        learning: learner.isLearning(),
        decides: predict.on && predict.cuts !== null,
        trainedAt: training?.trainedAt ?? null,
        report: training?.report ?? null,
        due: counted.outcomes >= fewestToReview && clock.now() - (reviewedAt ?? counted.firstAt ?? 0) >= quarter,
      }
    },

    'predict.lead': async ({ leadId }) => {
      const lead = await store.read.db
        .selectFrom('lead')
        .select(['chance', 'chance_at as at'])
        .where('id', '=', leadId)
        .executeTakeFirst()
      if (!lead) throw notFound('This lead')
      const training = await latestTraining(store.read)
      // Beside the rules it is shown in the review alone: a number that decides nothing would only confuse.
      const { predict } = await readSettings(store.read)
      const serves = training?.state === 'ready' && lead.chance !== null
      return {
        chance: serves ? lead.chance : null,
        at: serves ? lead.at : null,
        decides: serves && predict.on && predict.cuts !== null,
        reasons: serves ? await foresee.explain(leadId) : [],
      }
    },

    'predict.decide': async ({ on }) => {
      await store.write(async (tx) => {
        const training = await latestTraining(tx)
        if (on && (training?.state !== 'ready' || !training.report)) {
          throw conflict(`The chance may not decide yet. ${training?.reason ?? ''}`.trim())
        }
        await saveSetting(tx, 'predict', { on, cuts: on ? (training?.report?.cuts ?? null) : null })
      })
      return { changed: (await rescoreAll()).changed }
    },

    'predict.learn': async () => ({ started: await learner.learnNow() }),

    'predict.reviewed': async () => {
      await store.write((tx) => saveReviewedAt(tx, clock.now()))
      return {}
    },
  }
}
