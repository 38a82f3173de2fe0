import type { Clock } from '../lib/clock.ts'
import type { HandlersOf } from '../rpc/serve.ts'
import { readSettings, saveSetting } from '../store/queries/settings.ts'
import type { Store } from '../store/store.ts'
import { checkedScoring } from './check-scoring.ts'
import type { scoreContract } from './contract.ts'
import { findDeadRules } from './dead-rules.ts'
import { readScorePacks } from './packs.ts'
import type { Rescored } from './rescore-all.ts'
import { tryRules } from './try-rules.ts'

export type ScoreDeps = {
  readonly store: Store
  readonly clock: Clock
  /** Gives every open lead the score and tier of the stored settings, in transactions of its own. */
  readonly rescoreAll: () => Promise<Rescored>
}

/** Answers `score.*` of the contract, but for the text model. */
export function makeScoreHandlers({ store, clock, rescoreAll }: ScoreDeps): HandlersOf<typeof scoreContract> {
  return {
    'score.tryRules': async ({ scoring, tiers }) =>
      tryRules(store.read, { scoring: checkedScoring(scoring), tiers }, await readSettings(store.read), clock.now()),

    'score.deadRules': async () => findDeadRules(store.read, (await readSettings(store.read)).scoring, clock.now()),

    'score.packs': async () => ({ packs: readScorePacks() }),

    'score.save': async ({ scoring, tiers }) => {
      const checked = checkedScoring(scoring)
      await store.write(async (tx) => {
        await saveSetting(tx, 'scoring', checked)
        if (tiers) await saveSetting(tx, 'tiers', tiers)
      })
      const { looked, changed } = await rescoreAll()
      return { rescored: looked, changed }
    },
  }
}
