import { z } from 'zod'
import { id, mutation, query, time } from '../../rpc/method.ts'

/** When the chance decides the tier: from here on hot, from there on warm. 0 to 1. */
const chanceCuts = z.object({ hot: z.number().min(0).max(1), warm: z.number().min(0).max(1) })

/** Whether the chance decides the tier; it does while there are cuts, too. */
export const predictSetting = z.object({ on: z.boolean(), cuts: chanceCuts.nullable() })

const share = z.number().min(0).max(1)

const bin = z.object({
  count: z.number().int(),
  positives: z.number().int(),
  /** Mean of what was foreseen; of rules, their mean score as a share of 100. */
  foreseen: z.number(),
  observed: share,
  interval: z.object({ low: share, high: share }),
})

/** How well something put leads in order that it had not seen. */
const order = z.object({
  auc: z.number(),
  low: z.number(),
  high: z.number(),
  /** How many times more often the best tenth was won than all. */
  lift10: z.number(),
  /** The best tenth first. */
  deciles: z.array(bin),
})

/** What is kept of a training. */
export const learnReport = z.object({
  version: z.literal(1),
  model: order,
  rules: order,
  /** By how much the model orders better than the rules, and the 95 % interval of it. */
  difference: z.number(),
  differenceLow: z.number(),
  differenceHigh: z.number(),
  isBetter: z.boolean(),
  cuts: chanceCuts,
  /** Points from which the rules' tiers would say most; null where there is too little to say. */
  proposedTiers: z.object({ hotFrom: z.number().int(), warmFrom: z.number().int() }).nullable(),
  /** What it looks at most, in words. */
  looksAt: z.array(z.string()),
  seconds: z.number(),
})

/** `off`: too few outcomes. `refused`: it learnt nothing that would help. `shadow`: beside the rules. `ready`: may decide. */
const learnState = z.enum(['off', 'refused', 'shadow', 'ready'])

export const review = z.object({
  /** Leads of which is known how they ended, and those that were won. */
  outcomes: z.number().int(),
  won: z.number().int(),
  neededToLearn: z.number().int(),
  neededToDecide: z.number().int(),
  state: learnState,
  /** Why it may not do more than it does, in words; empty when it may. */
  reason: z.string(),
  /** It learns right now. */
  learning: z.boolean(),
  /** It decides the tier. */
  decides: z.boolean(),
  trainedAt: time.nullable(),
  report: learnReport.nullable(),
  /** Three months have gone by since somebody looked at this page. */
  due: z.boolean(),
})

const leadChance = z.object({
  /** 0 to 1; null while no model knows this lead. */
  chance: share.nullable(),
  at: time.nullable(),
  /** It decides the tier of this lead. */
  decides: z.boolean(),
  reasons: z.array(z.object({ text: z.string(), direction: z.enum(['raises', 'lowers']) })),
})

export const learnContract = {
  'predict.review': query(z.object({}), review),
  'predict.lead': query(z.object({ leadId: id }), leadChance),
  /** Lets the chance decide the tier, or goes back to the rules. Every open lead gets the tier it has then. */
  'predict.decide': mutation(z.object({ on: z.boolean() }), z.object({ changed: z.number().int() })),
  /** Learns again, in a thread of its own; `predict.review` says when it is over. */
  'predict.learn': mutation(z.object({}), z.object({ started: z.boolean() })),
  /** Somebody looked: the next reminder comes in three months. */
  'predict.reviewed': mutation(z.object({}), z.object({})),
}

export type ChanceCuts = z.infer<typeof chanceCuts>
export type PredictSetting = z.infer<typeof predictSetting>
export type LearnReport = z.infer<typeof learnReport>
export type LearnOrder = z.infer<typeof order>
export type Review = z.infer<typeof review>
export type LeadChance = z.infer<typeof leadChance>
