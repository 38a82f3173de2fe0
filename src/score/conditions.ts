import { missingCase } from '../lib/assert.ts'
import { day } from '../lib/durations.ts'
import { localMinutes } from '../lib/local-minutes.ts'
import type { Condition, Conditions } from './contract.ts'
import { type ArrivalFacts, type Facts, lower } from './facts.ts'
import { makePhraseFinder } from './words.ts'

/** When a condition held, newest first, ms UTC; empty: it does not hold. */
export type Times = readonly number[]

/** `knows`: whether the facts say yes or no at all, or the lead did not tell yet. */
type Test = { readonly times: (asked: Asked) => Times; readonly knows: (facts: Facts) => boolean }

/** One lead, with everything that is looked up once for all its conditions. */
export type Asked = { readonly facts: Facts; readonly now: number; readonly words: readonly (Times | undefined)[] }

export type CompileOptions = {
  /** Prefixes that count as local. */
  readonly localPostcodes: readonly string[]
  /** IANA zone of the business. */
  readonly zone: string
}

export type Compiled = {
  /** @param withinDays leaves out what happened before; null: nothing */
  readonly times: (asked: Asked, withinDays: number | null) => Times
  /** Yes, no, or null while they did not tell. */
  readonly answer: (asked: Asked) => boolean | null
}

/** Turns conditions into functions; words of all of them are looked for in one pass over what a lead wrote. */
export function makeCompiler(options: CompileOptions) {
  const words = makeWordTests()
  const compileOne = (condition: Condition): Test => compileCondition(condition, options, words)
  return {
    compile: (when: Conditions): Compiled => {
      const all = when.all.map(compileOne)
      const any = when.any.map(compileOne)
      const not = when.not.map(compileOne)
      return {
        times: (asked, withinDays) => {
          const since = withinDays === null ? Number.NEGATIVE_INFINITY : asked.now - withinDays * day
          for (const test of not) if (newerThan(test.times(asked), since).length > 0) return never
          let found = never
          for (const test of all) {
            const times = newerThan(test.times(asked), since)
            if (times.length === 0) return never
            found = longer(found, times)
          }
          if (any.length > 0) {
            const times = union(any.map((test) => newerThan(test.times(asked), since)))
            if (times.length === 0) return never
            found = longer(found, times)
          }
          return found.length > 0 ? found : newerThan([asked.facts.lastAt], since)
        },
        answer: (asked) => {
          const tell = (test: Test) => (test.times(asked).length > 0 ? true : test.knows(asked.facts) ? false : null)
          const parts = [...all.map(tell), ...not.map((test) => negated(tell(test)))]
          if (any.length > 0) parts.push(oneOf(any.map(tell)))
          if (parts.includes(false)) return false
          return parts.includes(null) ? null : true
        },
      }
    },
    /** Call after the last `compile`. */
    finish: () => words.finish(),
  }
}

const never: Times = []
const negated = (it: boolean | null) => (it === null ? null : !it)
const oneOf = (list: readonly (boolean | null)[]) => (list.includes(true) ? true : list.includes(null) ? null : false)
/** What happened more often says how often the whole did. */
const longer = (a: Times, b: Times) => (b.length > a.length || (b.length === a.length && first(b) > first(a)) ? b : a)
const first = (times: Times) => times[0] ?? Number.NEGATIVE_INFINITY

function newerThan(times: Times, since: number): Times {
  const oldest = times.at(-1)
  return oldest === undefined || oldest >= since ? times : times.filter((it) => it >= since)
}

function union(lists: readonly Times[]): Times {
  const some = lists.filter((it) => it.length > 0)
  if (some.length < 2) return some[0] ?? never
  return [...new Set(some.flat())].sort((a, b) => b - a)
}

function compileCondition(condition: Condition, { localPostcodes, zone }: CompileOptions, words: WordTests): Test {
  switch (condition.kind) {
    case 'channel': {
      const channels: ReadonlySet<string> = new Set(condition.channels)
      return arrivalTest((it) => it.visit && channels.has(it.channel))
    }
    case 'text':
      return { times: words.add(condition.anyOf, 'any'), knows: always }
    case 'textAll':
      return { times: words.add(condition.allOf, 'all'), knows: always }
    case 'field':
      return matchTest(condition, ({ fields }) => [fields[condition.field]])
    case 'formField': {
      const label = lower(condition.label)
      return matchTest(condition, ({ answers }) => [answers[label]])
    }
    case 'source':
      return matchTest(condition, ({ sources }) => sources)
    case 'tracking':
      return matchTest(condition, ({ tracking }) => [tracking[condition.key]])
    case 'budget':
      return leadTest(
        ({ budget }) => budget !== null && budget >= condition.atLeast,
        ({ budget }) => budget !== null,
      )
    case 'timelineDays':
      return leadTest(
        ({ timelineDays }) => timelineDays !== null && timelineDays <= condition.atMost,
        // "Just looking" is an answer, too, though not a number of days.
        ({ timelineDays, fields }) => timelineDays !== null || fields.timeline !== undefined,
      )
    case 'localPostcode':
      return postcodeTest(localPostcodes)
    case 'postcode':
      return postcodeTest(condition.prefixes)
    case 'region': {
      const regions = new Set(condition.regions.map(lower))
      return leadTest(
        ({ region }) => region !== null && regions.has(region),
        ({ region }) => region !== null,
      )
    }
    case 'country':
      return leadTest(
        ({ countries }) => countries.some((it) => condition.countries.includes(it)),
        ({ countries }) => countries.length > 0,
      )
    case 'sender':
      return leadTest(
        ({ sender }) => sender === condition.is,
        ({ sender }) => sender !== null,
      )
    case 'employees':
      return leadTest(
        ({ employees }) => employees !== null && employees >= condition.atLeast,
        ({ employees }) => employees !== null,
      )
    case 'line': {
      const types: ReadonlySet<string> = new Set(condition.types)
      return leadTest(
        ({ lines }) => lines.some((it) => types.has(it)),
        ({ lines }) => lines.length > 0,
      )
    }
    case 'formComplete':
      return leadTest(({ formComplete }) => formComplete, always)
    case 'touches':
      return { times: (asked) => visitsFrom(asked, condition), knows: always }
    case 'replied':
      return { times: ({ facts }) => (facts.replies.length === 0 ? never : facts.replies.toReversed()), knows: always }
    case 'missedCall':
      return { times: (asked) => atLeast(missedCalls(asked), condition.atLeast), knows: always }
    case 'hours': {
      const localOf = localMinutes(zone)
      const { from, to, weekdays } = condition
      return arrivalTest(({ visit, at }) => {
        if (!visit) return false
        const { weekday, minutes } = localOf(at)
        const inside = from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to
        // What comes after midnight belongs to the evening before.
        const day = from >= to && minutes < to ? ((weekday + 5) % 7) + 1 : weekday
        return inside && (weekdays.length === 0 || weekdays.includes(day))
      })
    }
    case 'intent': {
      const intents: ReadonlySet<string> = new Set(condition.intents)
      const told = ({ arrivals }: Facts) => arrivals.some((it) => it.intent !== null)
      return { ...arrivalTest(({ intent }) => intent !== null && intents.has(intent)), knows: told }
    }
    case 'urgency': {
      const levels: ReadonlySet<string> = new Set(condition.levels)
      const told = ({ arrivals }: Facts) => arrivals.some((it) => it.urgency !== null)
      return { ...arrivalTest(({ urgency }) => urgency !== null && levels.has(urgency)), knows: told }
    }
    case 'robot':
      return leadTest(({ arrivals }) => arrivals.length > 0 && arrivals.every((it) => it.robot), always)
    default:
      return missingCase(condition)
  }
}

const always = () => true

function leadTest(holds: (facts: Facts) => boolean, knows: (facts: Facts) => boolean): Test {
  return { times: ({ facts }) => (holds(facts) ? [facts.lastAt] : never), knows }
}

function arrivalTest(holds: (arrival: ArrivalFacts) => boolean): Test {
  return { times: ({ facts }) => arrivalTimes(facts, holds), knows: always }
}

function arrivalTimes({ arrivals }: Facts, holds: (arrival: ArrivalFacts) => boolean): Times {
  let found: number[] | null = null
  for (let at = arrivals.length - 1; at >= 0; at -= 1) {
    const arrival = arrivals[at]
    if (arrival === undefined || !holds(arrival)) continue
    found ??= []
    found.push(arrival.at)
  }
  return found ?? never
}

/** Each visit from the one on that makes them enough. */
function visitsFrom(
  { facts, now }: Asked,
  condition: { readonly atLeast: number; readonly withinDays: number | null },
) {
  const visits = arrivalTimes(facts, (it) => it.visit)
  const recent = newerThan(visits, condition.withinDays === null ? -Infinity : now - condition.withinDays * day)
  return recent.length < condition.atLeast ? never : recent.slice(0, recent.length - condition.atLeast + 1)
}

const missedCalls = ({ facts }: Asked) => arrivalTimes(facts, (it) => it.missed)
const atLeast = (times: Times, count: number) =>
  times.length >= count ? times.slice(0, times.length - count + 1) : never

type Match = { readonly how: 'present' | 'missing' | 'is' | 'contains'; readonly values: readonly string[] }

function matchTest({ how, values }: Match, valuesOf: (facts: Facts) => readonly (string | undefined)[]): Test {
  const wanted = values.map(lower)
  const knows = (facts: Facts) => valuesOf(facts).some((it) => it !== undefined && it !== '')
  switch (how) {
    case 'present':
      return leadTest(knows, always)
    case 'missing':
      return leadTest((facts) => !knows(facts), always)
    case 'is':
      return leadTest((facts) => valuesOf(facts).some((it) => it !== undefined && wanted.includes(it)), knows)
    case 'contains':
      return leadTest((facts) => valuesOf(facts).some((it) => it && wanted.some((part) => it.includes(part))), knows)
    default:
      return missingCase(how)
  }
}

const bare = (postcode: string) => postcode.replace(/[\s-]/g, '').toUpperCase()

function postcodeTest(prefixes: readonly string[]): Test {
  const starts = prefixes.map(bare).filter((it) => it !== '')
  return leadTest(
    ({ fields }) => {
      const postcode = bare(fields.postcode ?? '')
      return postcode !== '' && starts.some((it) => postcode.startsWith(it))
    },
    ({ fields }) => fields.postcode !== undefined,
  )
}

type WordTests = {
  readonly add: (phrases: readonly string[], how: 'any' | 'all') => (asked: Asked) => Times
  readonly finish: () => (facts: Facts) => readonly (Times | undefined)[]
}

/** Gathers the phrases of all conditions, so that each word of a text is looked up once. */
function makeWordTests(): WordTests {
  const tests: { readonly phrases: readonly string[]; readonly how: 'any' | 'all' }[] = []
  return {
    add: (phrases, how) => {
      const index = tests.push({ phrases, how }) - 1
      return ({ words }) => words[index] ?? never
    },
    finish: () => {
      if (tests.length === 0) return () => []
      const owners = tests.flatMap(({ phrases, how }, test) =>
        phrases.map((_, nth) => ({ test, nth, all: how === 'all' })),
      )
      const complete = tests.flatMap(({ phrases, how }, test) =>
        how === 'all' ? [{ test, size: phrases.length }] : [],
      )
      const find = makePhraseFinder(tests.flatMap((it) => it.phrases))
      return ({ arrivals }) => {
        const times: (number[] | undefined)[] = new Array(tests.length)
        const seen: (Set<number> | undefined)[] = []
        let at = 0
        const found = (phrase: number) => {
          const owner = owners[phrase]
          if (owner === undefined) return
          const own = times[owner.test]
          if (own === undefined) times[owner.test] = [at]
          else if (own.at(-1) !== at) own.push(at)
          if (!owner.all) return
          const known = seen[owner.test] ?? new Set()
          seen[owner.test] = known.add(owner.nth)
        }
        for (let index = arrivals.length - 1; index >= 0; index -= 1) {
          const arrival = arrivals[index]
          if (arrival === undefined) continue
          at = arrival.at
          find(arrival.words, found)
        }
        for (const { test, size } of complete) if ((seen[test]?.size ?? 0) < size) times[test] = undefined
        return times
      }
    },
  }
}
