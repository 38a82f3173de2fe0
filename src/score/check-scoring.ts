import { badInput } from '../rpc/errors.ts'
import type { Condition, Scoring } from './contract.ts'
import { wordsOf } from './words.ts'

/**
 * Rules as they are stored: every rule in a group that is there, ids once each, nothing that grows old without doing.
 * @throws DeskbellError `BAD_INPUT`
 */
export function checkedScoring(scoring: Scoring): Scoring {
  checkIds('groups', scoring.groups)
  // One name space, since a person may choose another mode and the reasons of before are still on the cards.
  checkIds('rules', scoring.rules)
  checkIds('buckets', scoring.buckets)
  checkIds('questions', scoring.questions)
  for (const { label, when } of [...scoring.rules, ...scoring.buckets, ...scoring.questions]) {
    for (const it of [...when.all, ...when.any, ...when.not]) checkCondition(label, it)
  }
  if (scoring.mode === 'buckets' && scoring.buckets.length === 0) {
    throw badInput('There is no rule for the three buckets yet: every lead would be nurture. Add one first.')
  }
  if (scoring.mode === 'qualify' && scoring.questions.length === 0) {
    throw badInput('There is no question yet, so nobody could be qualified. Add one first.')
  }
  const axisOf = new Map(scoring.groups.map((it) => [it.id, it.axis]))
  const rules = scoring.rules.map((rule) => {
    const axis = rule.group === null ? null : axisOf.get(rule.group)
    if (axis === undefined) throw badInput(`“${rule.label}” is in a group that is not there. Choose another one.`)
    return axis === 'engagement' ? rule : { ...rule, halfLifeDays: null }
  })
  return { ...scoring, rules }
}

function checkIds(what: string, list: readonly { readonly id: string; readonly label: string }[]): void {
  const ids = new Set<string>()
  for (const { id, label } of list) {
    if (ids.has(id)) throw badInput(`Two ${what} are the same inside Deskbell (“${label}”). Remove one of them.`)
    ids.add(id)
  }
}

function checkCondition(label: string, condition: Condition): void {
  const phrases = condition.kind === 'text' ? condition.anyOf : condition.kind === 'textAll' ? condition.allOf : []
  const empty = phrases.find((it) => wordsOf(it).length === 0)
  if (empty !== undefined) throw badInput(`“${label}”: “${empty}” has no letter or digit and can never be found.`)
}
