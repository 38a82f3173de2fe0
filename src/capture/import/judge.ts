import { displayPhone } from '../../lib/handles.ts'
import { type HandleKey, kindIn, valueIn } from '../batch.ts'
import type { ImportPlan, ImportVerdict } from '../contract.ts'
import type { Candidate } from './candidate.ts'

/** Somebody whom a row may be about: in Deskbell, or made by an earlier row. Kept in step while rows are judged. */
export type Known = {
  /** Null in a dry run, for somebody whom an earlier row would make. */
  readonly id: number | null
  name: string
  nameRank: number
  company: string | null
  title: string | null
  hasOpenLead: boolean
  /** Also leads that are over. */
  hadLead: boolean
  /** Sources they are known by. */
  readonly sources: Set<string>
  readonly notes: Set<string>
}

export type People = {
  readonly find: (key: HandleKey) => Known | undefined
  /** Line on which this file named an address or number first. */
  readonly lineOf: (key: HandleKey) => number | undefined
  readonly own: ReadonlySet<HandleKey>
  readonly plan: Pick<ImportPlan, 'as' | 'source'>
  readonly country: string
}

/** What a row does. For somebody who is there only what they have not yet. */
export type Decision = {
  readonly verdict: ImportVerdict
  readonly reason: string
  readonly known: Known | null
  readonly newKeys: readonly HandleKey[]
  readonly name: string | null
  readonly company: string | null
  readonly title: string | null
  readonly note: string | null
  readonly source: string
  readonly opensLead: boolean
  readonly isTouch: boolean
}

const given = 1

/** Says what is to be done with one row, and why in words. Changes nothing. */
export function judge(candidate: Candidate, people: People): Decision {
  const { find, own, plan, country } = people
  const source = candidate.source ?? plan.source
  const left: string[] = [...candidate.problems]
  if (candidate.broken) return reject(candidate.broken, source)
  const keys = candidate.keys.filter((key) => !own.has(key))
  if (keys.length === 0) {
    const why = candidate.keys.length > 0 ? 'This is your own address or number.' : left.join(' ')
    return reject(why || 'No e-mail address and no phone number, so there is no way to reach them.', source)
  }
  const byEmail = new Set(keys.filter(isEmail).flatMap((key) => find(key) ?? []))
  if (byEmail.size > 1) {
    const names = [...byEmail].map((it) => it.name).join(' and ')
    return reject(`Its addresses belong to different people: ${names}.`, source)
  }
  const [first] = byEmail
  const known = first ?? byPhone(candidate, keys, find)
  const newKeys: HandleKey[] = []
  for (const key of keys) {
    const owner = find(key)
    if (!owner) newKeys.push(key)
    else if (owner !== known) left.push(`${shown(key, country)} belongs to ${owner.name} and is left out.`)
  }
  if (!known && newKeys.length === 0) return reject(left.join(' '), source)
  const decision = known
    ? changesTo(known, candidate, newKeys, source, plan)
    : newPerson(candidate, newKeys, source, plan)
  const again = known ? firstLine(keys, known, people) : undefined
  return { ...decision, ...words(decision, again, left) }
}

/**
 * A number may be shared: the switchboard of a company, a couple. It names somebody only when nothing speaks against it.
 */
function byPhone(
  { name }: Candidate,
  keys: readonly HandleKey[],
  find: (key: HandleKey) => Known | undefined,
): Known | null {
  for (const key of keys) {
    const owner = isEmail(key) ? undefined : find(key)
    if (owner && (name === null || owner.nameRank < given || sameName(owner.name, name))) return owner
  }
  return null
}

type Bare = Omit<Decision, 'verdict' | 'reason'>

function newPerson(candidate: Candidate, newKeys: readonly HandleKey[], source: string, { as }: People['plan']): Bare {
  const { name, company, title, note } = candidate
  return { known: null, newKeys, name, company, title, note, source, opensLead: as !== 'people', isTouch: true }
}

/** What is known is never replaced by a list. */
function changesTo(
  known: Known,
  candidate: Candidate,
  newKeys: readonly HandleKey[],
  source: string,
  { as }: People['plan'],
): Bare {
  const opensLead =
    as === 'outbound' ? !known.hadLead : as === 'inbound' && !known.hasOpenLead && !known.sources.has(source)
  return {
    known,
    newKeys,
    name: known.nameRank < given ? candidate.name : null,
    company: known.company === null ? candidate.company : null,
    title: known.title === null ? candidate.title : null,
    note: candidate.note !== null && !known.notes.has(candidate.note) ? candidate.note : null,
    source,
    opensLead,
    isTouch: opensLead || (as === 'inbound' && !known.sources.has(source)),
  }
}

function words(
  { known, newKeys, name, company, title, note, opensLead, isTouch, source }: Bare,
  again: number | undefined,
  left: readonly string[],
): Pick<Decision, 'verdict' | 'reason'> {
  const rest = left.length > 0 ? ` ${left.join(' ')}` : ''
  if (!known) return { verdict: 'create', reason: `New.${rest}` }
  const gains = [
    ...(name ? ['the name'] : []),
    ...(newKeys.some(isEmail) ? ['an address'] : []),
    ...(newKeys.some((key) => !isEmail(key)) ? ['a number'] : []),
    ...(company ? ['the company'] : []),
    ...(title ? ['the title'] : []),
    ...(note ? ['a note'] : []),
    ...(opensLead ? ['a lead'] : []),
    ...(isTouch && !opensLead ? [`“${source}” as where they came from`] : []),
  ]
  const adds = gains.length > 0 ? ` Adds ${listed(gains)}.` : ' Nothing new.'
  if (again !== undefined) return { verdict: 'duplicate', reason: `The same as row ${again}.${adds}${rest}` }
  if (gains.length === 0) return { verdict: 'duplicate', reason: `${known.name} is here already.${adds}${rest}` }
  return { verdict: 'update', reason: `${known.name} is here already.${adds}${rest}` }
}

function firstLine(keys: readonly HandleKey[], known: Known, { find, lineOf }: People): number | undefined {
  const lines = keys.filter((key) => find(key) === known).flatMap((key) => lineOf(key) ?? [])
  return lines.length > 0 ? Math.min(...lines) : undefined
}

const reject = (reason: string, source: string): Decision => ({
  verdict: 'reject',
  reason,
  known: null,
  newKeys: [],
  name: null,
  company: null,
  title: null,
  note: null,
  source,
  opensLead: false,
  isTouch: false,
})

/** Brings what is known in line with what a row did. */
export function noteDecision(known: Known, decision: Decision): void {
  if (decision.name) {
    known.name = decision.name
    known.nameRank = Math.max(known.nameRank, given)
  }
  known.company ??= decision.company
  known.title ??= decision.title
  known.hasOpenLead ||= decision.opensLead
  known.hadLead ||= decision.opensLead
  if (decision.isTouch) known.sources.add(decision.source)
  if (decision.note) known.notes.add(decision.note)
}

/** "Ana Lopez", "ana lópez" and "Lopez Ana" are one; the order of first and last name is anybody's guess. */
export const sameName = (a: string, b: string) => nameKey(a) === nameKey(b)

const nameKey = (name: string) =>
  (
    name
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  )
    .sort()
    .join(' ')

const isEmail = (key: HandleKey) => kindIn(key) === 'email'
const shown = (key: HandleKey, country: string) => (isEmail(key) ? valueIn(key) : displayPhone(valueIn(key), country))
const listed = (parts: readonly string[]) =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
