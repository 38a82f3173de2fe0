import type { RouteRule, Routing } from '../settings/contract.ts'
import type { Teammate } from './availability.ts'
import type { RoutingProblem } from './contract.ts'
import { asksNothing, type When } from './match-rule.ts'

type Known = Pick<Teammate, 'id' | 'name' | 'skills'>

/** Everything that is wrong with rules, errors first. Without errors every lead finds a rule. */
export function routingProblems({ rules }: Routing, members: readonly Known[]): RoutingProblem[] {
  const problems = [
    ...wholeProblems(rules),
    ...rules.flatMap((rule, at) => ruleProblems(rule, rules.slice(0, at), members)),
  ]
  return [...problems.filter((it) => it.level === 'error'), ...problems.filter((it) => it.level === 'warning')]
}

function wholeProblems(rules: readonly RouteRule[]): RoutingProblem[] {
  const last = rules.at(-1)
  if (!last || !asksNothing(last.when)) {
    const text =
      'The last rule must take every lead, so it has no conditions. Without it, a lead that fits no rule would lie around with nobody. Add such a rule at the end.'
    return [{ ruleId: last?.id ?? null, level: 'error', text }]
  }
  const { give } = last
  const isForAll = give.how === 'queue' || ((give.how === 'turn' || give.how === 'load') && give.to.length === 0)
  if (isForAll) return []
  const text =
    'This is the last rule, and it is not for everybody: when none of its people is there, leads wait with nobody.'
  return [{ ruleId: last.id, level: 'warning', text }]
}

function ruleProblems(rule: RouteRule, earlier: readonly RouteRule[], members: readonly Known[]): RoutingProblem[] {
  const error = (text: string): RoutingProblem => ({ ruleId: rule.id, level: 'error', text })
  const warning = (text: string): RoutingProblem => ({ ruleId: rule.id, level: 'warning', text })
  const name = `“${rule.name}”`
  if (earlier.some((it) => it.id === rule.id)) return [error(`${name} is there twice. Remove one of them.`)]
  const { give } = rule
  if (give.how === 'skill') {
    if (give.skill === '') return [error(`${name}: say which skill they need.`)]
    const has = (it: Known) => it.skills.some((skill) => skill.toLowerCase() === give.skill.toLowerCase())
    if (!members.some(has))
      return [warning(`Nobody in the team has the skill “${give.skill}”. Give it to somebody under Team.`)]
  }
  if (give.how === 'weights') {
    if (give.shares.length === 0) return [error(`${name}: choose who takes part.`)]
    const ids = give.shares.map((it) => it.memberId)
    if (new Set(ids).size < ids.length) return [error(`${name}: somebody is in it twice.`)]
  }
  const named = idsOf(give)
  if (named.length > 0 && !named.some((id) => members.some((it) => it.id === id))) {
    return [warning('Never gives out a lead: nobody of it is in the team any more. Choose others or remove it.')]
  }
  const before = earlier.find((it) => takesAll(it) && covers(it.when, rule.when))
  return before
    ? [warning(`Never gets a lead: “${before.name}” comes first and takes them all. Move it up or remove it.`)]
    : []
}

const idsOf = (give: RouteRule['give']): readonly number[] =>
  give.how === 'turn' || give.how === 'load'
    ? give.to
    : give.how === 'weights'
      ? give.shares.map((it) => it.memberId)
      : give.how === 'member'
        ? [give.memberId]
        : []

/** Leaves nothing to the rules after it: when everybody is away there is nobody for those either. */
const takesAll = ({ give }: RouteRule) =>
  give.how === 'queue' || ((give.how === 'turn' || give.how === 'load') && give.to.length === 0)

const byPrefix: ReadonlySet<string> = new Set(['areaCodes', 'postcodes'])

/** Whether every lead that the second fits is one that the first fits, too. */
function covers(wide: When, narrow: When): boolean {
  return (Object.keys(wide) as (keyof When)[]).every((field) => {
    const of: readonly string[] = wide[field].map(bare)
    const these: readonly string[] = narrow[field].map(bare)
    if (of.length === 0) return true
    const isIn = (it: string) => of.some((other) => (byPrefix.has(field) ? it.startsWith(other) : it === other))
    return these.length > 0 && these.every(isIn)
  })
}

const bare = (word: string) => word.toLowerCase().replace(/\s+/g, '')
