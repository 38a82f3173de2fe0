import type { ChannelKind, Tier } from '../inbox/contract.ts'
import { oneOf } from '../lib/one-of.ts'
import type { RouteRule } from '../settings/contract.ts'

/** A phone number as rules look at it. `national` without the prefix 0; `country` is ISO 3166. */
export type RouteNumber = { readonly e164: string; readonly national: string; readonly country: string | null }

/** What rules may ask about a lead. */
export type RouteFacts = {
  readonly tier: Tier
  readonly channels: readonly ChannelKind[]
  readonly sources: readonly string[]
  readonly numbers: readonly RouteNumber[]
  readonly regions: readonly string[]
  readonly postcodes: readonly string[]
  /** Everything they wrote. */
  readonly text: string
}

export type When = RouteRule['when']

/** Why a rule is not for this lead, in words: the first condition that does not hold; null when it is. */
export function misfit(when: When, facts: RouteFacts): string | null {
  return (
    noneOf('It is', when.tiers, [facts.tier]) ??
    noneOf('They came by', when.channels, facts.channels) ??
    noneOf('The source is', when.sources, facts.sources) ??
    noneOf('The country of their number is', when.countries, countriesOf(facts)) ??
    noneOf('Their region is', when.regions, facts.regions) ??
    startsWith('area code', when.areaCodes, facts.numbers, hasCode) ??
    startsWith('postcode', when.postcodes, facts.postcodes, hasPrefix) ??
    (when.words.length > 0 && !says(facts.text, when.words) ? `They do not say ${either(when.words)}` : null)
  )
}

/** Whether a rule asks nothing and takes every lead. */
export const asksNothing = (when: When): boolean => Object.values(when).every((list) => list.length === 0)

function noneOf(label: string, wanted: readonly string[], has: readonly string[]): string | null {
  if (oneOf(wanted.map(folded), has.map(folded))) return null
  return `${label} ${has.length === 0 ? 'not known' : either(has)}, not ${either(wanted)}`
}

function startsWith<T>(
  label: string,
  wanted: readonly string[],
  has: readonly T[],
  fits: (it: T, prefix: string) => boolean,
): string | null {
  if (wanted.length === 0 || has.some((it) => wanted.some((prefix) => fits(it, prefix)))) return null
  return has.length === 0 ? `Their ${label} is not known` : `Their ${label} is not ${either(wanted)}`
}

/** `415` and `(415)` are national, `+49 30` carries the country; a national 0 in front is not part of the number. */
function hasCode({ e164, national }: RouteNumber, code: string): boolean {
  const digits = code.replace(/\D/g, '')
  if (digits === '') return false
  return code.trim().startsWith('+') ? e164.startsWith(`+${digits}`) : national.startsWith(digits.replace(/^0+/, ''))
}

function hasPrefix(postcode: string, prefix: string): boolean {
  const start = bare(prefix)
  return start !== '' && bare(postcode).startsWith(start)
}

const bare = (postcode: string) => postcode.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '')

/** Whole words, however they are spelled in upper and lower case and spaced. */
function says(text: string, wanted: readonly string[]): boolean {
  const said = spaced(text)
  return wanted.some((it) => said.includes(spaced(it)))
}

const spaced = (text: string) =>
  ` ${text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()} `

const folded = (word: string) => word.trim().toLowerCase()

const countriesOf = ({ numbers }: RouteFacts) => [...new Set(numbers.flatMap((it) => it.country ?? []))]

const mostNamed = 4
const either = (words: readonly string[]) =>
  words.length > mostNamed
    ? `${words.slice(0, mostNamed).join(', ')} or ${words.length - mostNamed} more`
    : words.length < 2
      ? words.join('')
      : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
