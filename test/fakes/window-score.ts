import type { MethodInput, MethodName, MethodOutput } from '../../src/rpc/contract.ts'
import { type Scoring, scoring as scoringSchema } from '../../src/score/contract.ts'
import type { World } from './window-data.ts'

type Mine = Extract<MethodName, 'score.packs' | 'score.save' | 'score.tryRules' | 'score.deadRules'>
type Answers = { readonly [M in Mine]: (input: MethodInput<M>) => MethodOutput<M> }

/** What the made-up engine answers about scoring: a trial in which the first rows move. */
export function scoreAnswers(world: World, changed: () => void): Answers {
  return {
    'score.packs': () => ({
      packs: ['Any business', 'Moving', 'Heating, cooling and plumbing'].map((name, index) => ({
        id: name,
        name,
        about: 'What counts in this trade.',
        scoring: { ...world.settings.scoring, rules: world.settings.scoring.rules.slice(index) },
      })),
    }),
    'score.deadRules': () => ({ leads: 214, rules: [{ rule: 'chatted', label: 'Wrote in the chat' }] }),
    'score.save': ({ scoring, tiers }) => {
      world.settings = {
        ...world.settings,
        scoring: scoringSchema.parse(scoring),
        tiers: tiers ?? world.settings.tiers,
        scoreShown: { ...world.settings.scoreShown, number: scoring.number !== 'hide' },
      }
      changed()
      return { rescored: world.rows.length, changed: 3 }
    },
    'score.tryRules': ({ scoring }) => trial(world, scoringSchema.parse(scoring)),
  }
}

function trial(world: World, scoring: Scoring): MethodOutput<'score.tryRules'> {
  const inForce =
    scoring.mode === 'points' ? scoring.rules : scoring.mode === 'buckets' ? scoring.buckets : scoring.questions
  const same = JSON.stringify(scoring) === JSON.stringify(world.settings.scoring)
  const moves = world.rows.slice(0, same ? 0 : 6).map((row, index) => ({
    leadId: row.leadId,
    personId: row.personId,
    name: row.name,
    company: row.company,
    before: { score: row.score, tier: row.tier, grade: 'B2', qualification: null },
    after: {
      score: Math.max(0, row.score - 9 * (index + 1)),
      tier: index < 2 ? ('nurture' as const) : ('warm' as const),
      grade: scoring.mode === 'points' ? 'C2' : null,
      qualification: scoring.mode === 'qualify' ? ('open' as const) : null,
    },
    added: [],
    removed: [
      {
        rule: 'called',
        points: 9 * (index + 1),
        reason: 'Called you',
        kind: 'rule' as const,
        raw: 40,
        axis: null,
        at: null,
      },
    ],
  }))
  return {
    tried: Math.min(50, world.rows.length),
    changed: moves.length,
    moves,
    fired: inForce.map((it, index) => ({ rule: it.id, leads: (index * 37) % 180 })),
    looked: 180,
    warnings: inForce.slice(0, 1).map((it) => ({ rule: it.id, text: 'Fits none of the last 180 leads.' })),
  }
}
