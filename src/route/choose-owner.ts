import { missingCase } from '../lib/assert.ts'
import type { RouteRule } from '../settings/contract.ts'
import { type Away, awayAt, awaySentence, backAt, type Load, noLoad, type Teammate } from './availability.ts'
import { misfit, type RouteFacts } from './match-rule.ts'

/** What a rule remembers of one of its people. */
export type TurnState = {
  /** What they are owed by weight; the largest is next. */
  readonly credit: number
  /** The local date that `today` counts. */
  readonly day: string
  readonly today: number
  /** Number of their last turn under this rule; 0: none yet. */
  readonly seq: number
}

/** By rule and member. */
export type Turns = ReadonlyMap<string, ReadonlyMap<number, TurnState>>

export type Team = {
  /** In the order in which they joined. */
  readonly members: readonly Teammate[]
  /** Whoever is not in it has nothing in hand. */
  readonly loads: ReadonlyMap<number, Load>
  /** ms UTC */
  readonly at: number
  /** The local date of the business, as `2026-03-01`. */
  readonly today: string
}

export type Move = { readonly ruleId: string; readonly memberId: number; readonly state: TurnState }

/** What became of one rule: for "who gets this lead?". */
export type Step = { readonly ruleId: string; readonly name: string; readonly fits: boolean; readonly words: string }

export type Choice = {
  readonly owner: Teammate | null
  /** The rule that decided; null when none did. */
  readonly ruleId: string | null
  /** Why, as a clause: `rule “ZIP 941” → fewest open leads (3)`, or a sentence when it is nobody. */
  readonly words: string
  /** Whose absence the words tell. */
  readonly told: readonly number[]
  readonly steps: readonly Step[]
  /** How turns, weights and daily counts go on when this is done. */
  readonly moves: readonly Move[]
}

/** Who gets a lead by the rules: the first one that fits and has somebody who is there. */
export function chooseByRules(rules: readonly RouteRule[], facts: RouteFacts, team: Team, turns: Turns): Choice {
  const steps: Step[] = []
  let nobody: { readonly rule: RouteRule; readonly why: string } | null = null
  for (const rule of rules) {
    const step = (fits: boolean, words: string) => steps.push({ ruleId: rule.id, name: rule.name, fits, words })
    const why = misfit(rule.when, facts)
    if (why !== null) {
      step(false, why)
      continue
    }
    if (rule.give.how === 'queue') {
      step(true, 'Waits to be given out by hand')
      const words = `Waits to be given out by hand (rule “${rule.name}”)`
      return { owner: null, ruleId: rule.id, words, told: [], steps, moves: [] }
    }
    const pick = pickOf(rule, team, turns.get(rule.id) ?? new Map())
    if (pick.owner) {
      const how = pick.away === '' ? pick.how : `${pick.how}; ${pick.away}`
      step(true, `${pick.owner.name}: ${how}`)
      const words = rules.length === 1 ? how : `rule “${rule.name}” → ${how}`
      return { owner: pick.owner, ruleId: rule.id, words, told: pick.told, steps, moves: pick.moves }
    }
    step(true, `Nobody is free: ${pick.away || 'goes on to the next rule'}`)
    nobody ??= { rule, why: pick.away }
  }
  return { owner: null, ruleId: null, words: nobodyWords(rules, team, nobody), told: [], steps, moves: [] }
}

function nobodyWords(
  rules: readonly RouteRule[],
  { members }: Team,
  nobody: { readonly rule: RouteRule; readonly why: string } | null,
): string {
  if (members.length === 0) return 'There is nobody in the team yet'
  if (nobody === null) return 'No rule takes this lead'
  const of = rules.length === 1 ? '' : ` of rule “${nobody.rule.name}”`
  return members.every((it) => !it.onDuty) || nobody.why === ''
    ? `Nobody${of} is on duty`
    : `Nobody${of} is free: ${nobody.why}`
}

/** Who would get the next lead of a rule, as things stand; null for nobody. */
export function nextUp(rule: RouteRule, team: Team, turns: Turns): Teammate | null {
  return pickOf(rule, team, turns.get(rule.id) ?? new Map()).owner
}

/**
 * Whoever looked after them before, when they may have this lead, too: they are there, or back soon enough.
 * @param patience ms that the lead may wait for them
 * @param load none: the lead is theirs already, so it adds nothing to what they have
 */
export function mayKeep(former: Teammate, at: number, patience: number, load: Load = noLoad): string | null {
  const back = backAt(former, at)
  if (back === null || back > at + patience || awayAt(former, back, load) !== null) return null
  const minutes = Math.ceil((back - at) / 60_000)
  return minutes === 0 ? 'looked after them before' : `looked after them before and is back in ${minutes} min`
}

/** Of those who are there the one with the least in hand; when all of them are full, of all. */
export function chooseByLoad(
  team: Team,
  except: number | null,
): { readonly owner: Teammate; readonly how: string } | null {
  const there = team.members.filter((it) => it.id !== except && awayAt(it, team.at, noLoad) === null)
  const free = there.filter((it) => awayAt(it, team.at, loadOf(team, it)) === null)
  const owner = leastLoaded(free.length > 0 ? free : there, team, new Map())
  return owner && { owner, how: loadWords(owner, there, team) }
}

type States = ReadonlyMap<number, TurnState>
type Pick = {
  readonly owner: Teammate | null
  readonly how: string
  /** Who was passed over and why, in a sentence. */
  readonly away: string
  readonly told: readonly number[]
  readonly moves: readonly Move[]
}

function pickOf(rule: RouteRule, team: Team, states: States): Pick {
  const group = groupOf(rule, team)
  const away = new Map<number, Away>()
  for (const it of group) {
    const why = awayAt(it, team.at, loadOf(team, it)) ?? overDaily(rule, it, states, team.today)
    if (why !== null) away.set(it.id, why)
  }
  const free = group.filter((it) => !away.has(it.id))
  const owner = ownerOf(rule, group, free, team, states)
  const passed = owner === null ? group : passedOver(rule, group, owner, states)
  const named = passed.flatMap(({ id, name }) => {
    const why = away.get(id)
    return why === undefined ? [] : [{ id, name, away: why }]
  })
  const sentence = awaySentence(named)
  return {
    owner,
    how: owner === null ? '' : howWords(rule, owner, group, free, team),
    away: group.length === 0 ? 'nobody of it is in the team' : sentence,
    told: sentence === '' ? [] : named.map((it) => it.id),
    moves: owner === null ? [] : movesOf(rule, owner, free, states, team.today),
  }
}

/** The people of a rule, in the order in which they take turns. */
function groupOf({ give }: RouteRule, { members }: Team): readonly Teammate[] {
  const byId = new Map(members.map((it) => [it.id, it]))
  const all = (ids: readonly number[]) => ids.flatMap((id) => byId.get(id) ?? [])
  switch (give.how) {
    case 'turn':
    case 'load':
      return give.to.length === 0 ? members : all(give.to)
    case 'weights':
      return all(give.shares.map((it) => it.memberId))
    case 'skill':
      return members.filter((it) => it.skills.some((skill) => skill.toLowerCase() === give.skill.toLowerCase()))
    case 'member':
      return all([give.memberId])
    case 'queue':
      return []
    default:
      return missingCase(give)
  }
}

/** `turn`, `load` or `weights`: how one of several is found. */
const wayOf = ({ give }: RouteRule) => (give.how === 'skill' ? give.by : give.how)

function ownerOf(
  rule: RouteRule,
  group: readonly Teammate[],
  free: readonly Teammate[],
  team: Team,
  states: States,
): Teammate | null {
  switch (wayOf(rule)) {
    case 'load':
      return leastLoaded(free, team, states)
    case 'weights':
      return mostOwed(rule, free, states)
    case 'turn':
    case 'member':
    case 'queue':
      return fromLastTurn(group, states).find((it) => free.includes(it)) ?? null
  }
}

/** The group beginning after whoever had the last turn. */
function fromLastTurn(group: readonly Teammate[], states: States): Teammate[] {
  const turnOf = (it: Teammate) => states.get(it.id)?.seq ?? 0
  const latest = Math.max(0, ...group.map(turnOf))
  const last = latest === 0 ? -1 : group.findIndex((it) => turnOf(it) === latest)
  return [...group.slice(last + 1), ...group.slice(0, last + 1)]
}

const loadOf = ({ loads }: Team, { id }: Teammate) => loads.get(id) ?? noLoad

/** Of equals the one whose last turn is longest ago. */
function leastLoaded(free: readonly Teammate[], team: Team, states: States): Teammate | null {
  let best: Teammate | null = null
  const before = (a: Teammate, b: Teammate) =>
    loadOf(team, a).weight - loadOf(team, b).weight || (states.get(a.id)?.seq ?? 0) - (states.get(b.id)?.seq ?? 0)
  for (const it of free) if (best === null || before(it, best) < 0) best = it
  return best
}

const weightOf = ({ give }: RouteRule, { id }: Teammate) =>
  give.how === 'weights' ? (give.shares.find((it) => it.memberId === id)?.weight ?? 0) : 0

/**
 * Smooth weighted round robin over those who are free: each is owed their weight with every lead, the one who is owed
 * most gets it and pays what all were owed. Whoever is away is owed nothing meanwhile, so nobody is flooded on return.
 */
function mostOwed(rule: RouteRule, free: readonly Teammate[], states: States): Teammate | null {
  let best: Teammate | null = null
  const owed = (it: Teammate) => (states.get(it.id)?.credit ?? 0) + weightOf(rule, it)
  for (const it of free) if (best === null || owed(it) > owed(best)) best = it
  return best
}

function overDaily({ give }: RouteRule, { id }: Teammate, states: States, today: string): Away | null {
  const most = give.how === 'weights' ? (give.shares.find((it) => it.memberId === id)?.mostPerDay ?? null) : null
  const count = countOf(states.get(id), today)
  return most !== null && count >= most ? `had ${count} of ${most} today` : null
}

const countOf = (state: TurnState | undefined, today: string) => (state?.day === today ? state.today : 0)

function movesOf(
  rule: RouteRule,
  owner: Teammate,
  free: readonly Teammate[],
  states: States,
  today: string,
): readonly Move[] {
  const seq = 1 + Math.max(0, ...[...states.values()].map((it) => it.seq))
  const total = free.reduce((sum, it) => sum + weightOf(rule, it), 0)
  const moving = wayOf(rule) === 'weights' ? free : [owner]
  return moving.map((it) => {
    const old = states.get(it.id)
    const count = countOf(old, today)
    const isOwner = it.id === owner.id
    return {
      ruleId: rule.id,
      memberId: it.id,
      state: {
        credit: (old?.credit ?? 0) + weightOf(rule, it) - (isOwner ? total : 0),
        day: today,
        today: count + (isOwner ? 1 : 0),
        seq: isOwner ? seq : (old?.seq ?? 0),
      },
    }
  })
}

/** Those before the owner in the order of turns, or everybody where there is no such order. */
function passedOver(rule: RouteRule, group: readonly Teammate[], owner: Teammate, states: States): readonly Teammate[] {
  if (wayOf(rule) !== 'turn') return group
  const order = fromLastTurn(group, states)
  return order.slice(0, order.indexOf(owner))
}

function howWords(
  rule: RouteRule,
  owner: Teammate,
  group: readonly Teammate[],
  free: readonly Teammate[],
  team: Team,
): string {
  const { give } = rule
  const skilled = give.how === 'skill' ? `knows ${give.skill}, ` : ''
  switch (wayOf(rule)) {
    case 'load':
      return skilled + loadWords(owner, free, team)
    case 'weights':
      return `share of ${Math.round((100 * weightOf(rule, owner)) / group.reduce((sum, it) => sum + weightOf(rule, it), 0))}\u00a0%`
    case 'turn':
      if (group.length === 1)
        return skilled + (team.members.length === 1 ? 'the only one in the team' : 'the only one it names')
      return skilled + (free.length === 1 ? 'the only one who is there' : 'next in turn')
    case 'member':
    case 'queue':
      return 'always theirs'
  }
}

function loadWords(owner: Teammate, others: readonly Teammate[], team: Team): string {
  const { open } = loadOf(team, owner)
  // By weight, so somebody with more leads may still have less to do.
  const fewest = others.every((it) => loadOf(team, it).open >= open)
  return fewest ? `fewest open leads (${open})` : `least to do (${open} open leads)`
}
