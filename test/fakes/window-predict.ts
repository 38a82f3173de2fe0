import type { MethodInput, MethodName, MethodOutput } from '../../src/rpc/contract.ts'
import type { World } from './window-data.ts'

type Mine = Extract<MethodName, `convert.${string}` | `predict.${string}`>
type Answers = { readonly [M in Mine]: (input: MethodInput<M>) => MethodOutput<M> }
type Review = MethodOutput<'predict.review'>

const minute = 60_000
const day = 24 * 60 * minute

/** What the made-up engine answers about how leads ended, and of a model that learnt from it. */
export function predictAnswers(world: World, changed: () => void): Answers {
  let decides = false
  const ends = new Map<number, MethodOutput<'convert.lead'>>()
  return {
    'convert.judge': ({ leadIds, verdict }) => {
      for (const leadId of leadIds) {
        const isEnd = verdict.outcome !== 'qualified'
        ends.set(leadId, {
          ...open,
          outcome: isEnd ? verdict.outcome : null,
          at: isEnd ? Date.now() : null,
          qualifiedAt: isEnd ? null : Date.now(),
          value: verdict.outcome === 'won' ? verdict.value : null,
          reason: 'reason' in verdict ? verdict.reason : null,
        })
        world.rows = world.rows.map((row) => (row.leadId === leadId && isEnd ? { ...row, status: 'done' } : row))
      }
      changed()
      return { undoId: 1 }
    },
    'convert.lead': ({ leadId }) => ends.get(leadId) ?? open,
    'convert.choices': () => ({
      currency: 'USD',
      lostReasons: ['Too expensive', 'Went with somebody else', 'Bad timing', 'No answer any more', 'Other'],
      disqualifiedReasons: ['Outside our area', 'Not a service we offer', 'Other'],
      rules: [],
    }),
    'convert.saveChoices': () => ({}),
    'predict.review': () => reviewOf(decides),
    'predict.lead': () => ({
      chance: 0.62,
      at: Date.now(),
      decides,
      reasons: [
        { text: 'comes from referral', direction: 'raises' },
        { text: 'budget of 18,000', direction: 'raises' },
        { text: 'outside your area', direction: 'lowers' },
      ],
    }),
    'predict.decide': ({ on }) => {
      decides = on
      changed()
      return { changed: 12 }
    },
    'predict.learn': () => ({ started: true }),
    'predict.reviewed': () => ({}),
  }
}

const open: MethodOutput<'convert.lead'> = {
  outcome: null,
  at: null,
  value: null,
  reason: null,
  note: null,
  competitor: null,
  revisitAt: null,
  mqlAt: null,
  qualifiedAt: null,
  sqlAt: null,
}

function reviewOf(decides: boolean): Review {
  const state = new URLSearchParams(globalThis.location?.search ?? '').get('review')
  const none = { neededToLearn: 100, neededToDecide: 500, learning: false, decides: false }
  if (state === 'off') {
    return {
      ...none,
      outcomes: 37,
      won: 12,
      state: 'off',
      reason: 'You need 63 more outcomes: mark leads as won, lost or disqualified.',
      trainedAt: null,
      report: null,
      due: false,
    }
  }
  const order = (steep: number, auc: number) => ({
    auc,
    low: auc - 0.03,
    high: auc + 0.03,
    lift10: 1 + steep * 2.2,
    deciles: Array.from({ length: 10 }, (_, at) => {
      const observed = Math.max(0.02, 0.3 + steep * (0.4 - at * 0.085) + (at % 3) * 0.02)
      const interval = { low: Math.max(0, observed - 0.09), high: Math.min(1, observed + 0.09) }
      return { count: 61, positives: Math.round(61 * observed), foreseen: observed * 0.95 + 0.01, observed, interval }
    }),
  })
  return {
    ...none,
    outcomes: 612,
    won: 184,
    state: 'ready',
    reason: '',
    decides,
    trainedAt: Date.now() - 2 * day,
    due: state === 'due',
    report: {
      version: 1,
      model: order(1, 0.78),
      rules: order(0.35, 0.61),
      difference: 0.17,
      differenceLow: 0.12,
      differenceHigh: 0.22,
      isBetter: true,
      cuts: { hot: 0.55, warm: 0.3 },
      proposedTiers: { hotFrom: 52, warmFrom: 24 },
      looksAt: ['Where they come from', 'Their budget', 'How they came', 'The time of day'],
      seconds: 8,
    },
  }
}
