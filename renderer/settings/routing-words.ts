import type { Member, RouteRule, Routing } from '../../src/settings/contract.ts'
import { channelNames } from '../ui/channel-glyph.tsx'
import { tierNames } from '../ui/score-words.ts'
import { countries } from './places.ts'

export type When = RouteRule['when']
export type Give = RouteRule['give']
export type Condition = keyof When

/** What a rule can ask, in the order in which it is offered. */
export const conditionNames: Readonly<Record<Condition, string>> = {
  tiers: 'Tier',
  channels: 'Channel',
  sources: 'Source',
  postcodes: 'Postcode begins with',
  areaCodes: 'Area code',
  regions: 'Region of their number',
  countries: 'Country of their number',
  words: 'They say',
}

export const givingNames: Readonly<Record<Give['how'], string>> = {
  turn: 'In turn',
  load: 'To whoever has the least to do',
  weights: 'By shares',
  skill: 'To somebody with a skill',
  member: 'Always to one person',
  queue: 'To nobody: given out by hand',
}

export const emptyWhen: When = {
  tiers: [],
  channels: [],
  sources: [],
  countries: [],
  regions: [],
  areaCodes: [],
  postcodes: [],
  words: [],
}

export const conditionsOf = (when: When) =>
  (Object.keys(conditionNames) as Condition[]).filter((it) => when[it].length > 0)

/** One chip a condition: "Area code 415 or 628". */
export function conditionWords(condition: Condition, when: When): string {
  const values: readonly string[] = when[condition]
  const shown = values.map((it) => valueName(condition, it))
  const list = shown.length > 3 ? `${shown.slice(0, 3).join(', ')} or ${shown.length - 3} more` : listOr(shown)
  return `${conditionNames[condition]} ${condition === 'words' ? `“${list}”` : list}`
}

function valueName(condition: Condition, value: string): string {
  if (condition === 'tiers') return (tierNames as Readonly<Record<string, string>>)[value] ?? value
  if (condition === 'channels') return (channelNames as Readonly<Record<string, string>>)[value] ?? value
  if (condition === 'countries') return countries().find((it) => it.value === value)?.label ?? value
  return value
}

const listOr = (words: readonly string[]) =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`

/** To whom a rule gives, in a line. */
export function giveWords(give: Give, members: readonly Pick<Member, 'id' | 'name'>[]): string {
  const name = (id: number) => members.find((it) => it.id === id)?.name ?? 'somebody who left'
  const people = (ids: readonly number[]) => (ids.length === 0 ? 'everybody' : ids.map(name).join(', '))
  switch (give.how) {
    case 'turn':
      return `In turn: ${people(give.to)}`
    case 'load':
      return `Least to do of ${people(give.to)}`
    case 'weights': {
      const total = give.shares.reduce((sum, it) => sum + it.weight, 0)
      const parts = give.shares.map(
        ({ memberId, weight, mostPerDay }) =>
          `${name(memberId)} ${Math.round((100 * weight) / total)}%${mostPerDay === null ? '' : `, at most ${mostPerDay} a day`}`,
      )
      return `By shares: ${parts.join(' · ')}`
    }
    case 'skill':
      return `${give.by === 'turn' ? 'In turn' : 'Least to do'} of those who know ${give.skill || '…'}`
    case 'member':
      return `Always ${name(give.memberId)}`
    case 'queue':
      return 'Nobody: you give them out by hand'
  }
}

/** What a way of giving starts as. */
export function newGive(how: Give['how'], members: readonly Pick<Member, 'id'>[]): Give {
  switch (how) {
    case 'turn':
    case 'load':
      return { how, to: [] }
    case 'weights':
      return { how, shares: members.map(({ id }) => ({ memberId: id, weight: 1, mostPerDay: null })) }
    case 'skill':
      return { how, skill: '', by: 'turn' }
    case 'member':
      return { how, memberId: members[0]?.id ?? 1 }
    case 'queue':
      return { how }
  }
}

/** Before the last rule, which takes what is left. */
export function withNewRule(routing: Routing, id: string): Routing {
  const rule: RouteRule = { id, name: 'New rule', when: emptyWhen, give: { how: 'turn', to: [] } }
  return { ...routing, rules: [...routing.rules.slice(0, -1), rule, ...routing.rules.slice(-1)] }
}

/** Moves a rule by one place; the last rule stays where it is. */
export function withMoved(routing: Routing, index: number, by: 1 | -1): Routing {
  const last = routing.rules.length - 1
  const to = index + by
  const moving = routing.rules[index]
  const other = routing.rules[to]
  if (index >= last || to >= last || !moving || !other) return routing
  const rules = [...routing.rules]
  rules[index] = other
  rules[to] = moving
  return { ...routing, rules }
}

export const withRule = (routing: Routing, rule: RouteRule): Routing => ({
  ...routing,
  rules: routing.rules.map((it) => (it.id === rule.id ? rule : it)),
})
