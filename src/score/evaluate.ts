import type { Tier } from '../inbox/contract.ts'
import { missingCase } from '../lib/assert.ts'
import type { LedgerEntry } from '../people/contract.ts'
import type { ScoreRule, Tiers } from '../settings/contract.ts'
import type { Facts } from './facts.ts'

export type Verdict = { readonly score: number; readonly tier: Tier; readonly ledger: readonly LedgerEntry[] }

/** Rules made ready to be asked many times. */
export type ScoreRules = (facts: Facts) => Verdict

/**
 * @param localPostcodes prefixes that count as local
 */
export function prepareRules(rules: readonly ScoreRule[], tiers: Tiers, localPostcodes: readonly string[]): ScoreRules {
  const prepared = rules.map((rule) => ({ rule, holds: prepare(rule.when, localPostcodes.map(bare)) }))
  return (facts) => {
    const ledger = prepared
      .filter(({ holds }) => holds(facts))
      .map(({ rule }) => ({ rule: rule.id, points: rule.points, reason: rule.label }))
    const sum = ledger.reduce((total, entry) => total + entry.points, 0)
    const score = Math.max(0, Math.min(100, sum))
    return { score, tier: tierOf(score, tiers), ledger }
  }
}

export function tierOf(score: number, { hotFrom, warmFrom }: Tiers): Tier {
  if (score >= hotFrom) return 'hot'
  return score >= warmFrom ? 'warm' : 'nurture'
}

function prepare(when: ScoreRule['when'], localPostcodes: readonly string[]): (facts: Facts) => boolean {
  switch (when.kind) {
    case 'channel':
      return ({ channels }) => when.channels.some((it) => channels.has(it))
    case 'text': {
      const words = anyWord(when.anyOf)
      return ({ text }) => words.test(text)
    }
    case 'field':
      return ({ fields }) => Boolean(fields[when.field]?.trim())
    case 'budget':
      return ({ budget }) => budget !== null && budget >= when.atLeast
    case 'localPostcode':
      return ({ fields }) => {
        const postcode = bare(fields.postcode ?? '')
        return postcode !== '' && localPostcodes.some((it) => it !== '' && postcode.startsWith(it))
      }
    case 'timelineDays':
      return ({ timelineDays }) => timelineDays !== null && timelineDays <= when.atMost
    case 'formComplete':
      return ({ formComplete }) => formComplete
    case 'touches':
      return ({ touches }) => touches >= when.atLeast
    case 'robot':
      return ({ robot }) => robot
    default:
      return missingCase(when)
  }
}

const bare = (postcode: string) => postcode.replace(/[\s-]/g, '').toUpperCase()

/** Whole words, with the endings that English puts on them: "quote" also finds "quotes" and "quoted", not "quotent". */
function anyWord(words: readonly string[]): RegExp {
  const escaped = words.map((word) =>
    word
      .trim()
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replace(/\s+/g, '\\s+'),
  )
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join('|')})(?:s|es|d|ed|ing)?(?![\\p{L}\\p{N}])`, 'iu')
}
