import { type RawBuilder, sql } from 'kysely'
import type { Tier } from '../../inbox/contract.ts'
import type { SearchAtom, SearchFactor } from '../../inbox/search-query.ts'
import { missingCase } from '../../lib/assert.ts'
import { type Around, isAddress, isUs, matchOfAtom } from './search-around.ts'

/** A condition in SQL. */
export type Condition = RawBuilder<boolean>

/** What holds when one of the factors does. */
export function anyOf(clause: readonly SearchFactor[], conditionOf: (atom: SearchAtom) => Condition): Condition {
  const parts = clause.map(({ not, atom }) => (not ? sql<boolean>`not (${conditionOf(atom)})` : conditionOf(atom)))
  return sql<boolean>`(${sql.join(parts, sql` or `)})`
}

export const spoken = sql<boolean>`interaction.delivery != 'cancelled'`
export const isOneOf = (column: string, ids: readonly number[]): Condition =>
  sql<boolean>`${sql.ref(column)} in (select value from json_each(${JSON.stringify(ids)}))`

/** What a message (`interaction`) must be. */
export function onMessage(atom: SearchAtom, around: Around): Condition {
  switch (atom.kind) {
    case 'words':
    case 'subject':
      return sql<boolean>`interaction.id in (
        select rowid from interaction_search where interaction_search match ${matchOfAtom(atom, around)})`
    case 'from':
      return isUs(atom.text)
        ? sql<boolean>`interaction.direction = 'out'`
        : sql<boolean>`(interaction.direction = 'in' and (${withOneOf(atom, around)} or ${mailFrom(atom.text)}))`
    case 'to':
      return isUs(atom.text)
        ? sql<boolean>`interaction.direction = 'in'`
        : sql<boolean>`((interaction.direction = 'out' and ${withOneOf(atom, around)}) or ${mailTo(atom.text)})`
    case 'channel':
      return sql<boolean>`interaction.channel = ${atom.channel}`
    case 'has':
      return hasOnMessage(atom.what)
    case 'time':
      return sql<boolean>`(interaction.at >= ${atom.from ?? 0} and interaction.at < ${atom.to ?? Number.MAX_SAFE_INTEGER})`
    case 'intent':
      return sql<boolean>`coalesce(
        (select intent from intent_example where intent_example.interaction_id = interaction.id),
        (select intent from message_insight where message_insight.interaction_id = interaction.id), '') = ${atom.intent}`
    default:
      // Of the person's lead: the open one, else the newest, is the one with the highest number.
      return sql<boolean>`exists (select 1 from lead where lead.person_id = interaction.person_id
        and lead.merged_into is null and ${isNewest} and ${onLead(atom, around)})`
  }
}

/** What a lead (`lead`) must be. */
export function onLead(atom: SearchAtom, around: Around): Condition {
  switch (atom.kind) {
    case 'channel':
      return sql<boolean>`lead.last_channel = ${atom.channel}`
    case 'score':
      // The plus signs here and below keep the planner on the index of the order: it would sort all that match.
      return sql<boolean>`(+lead.score >= ${atom.min} and +lead.score <= ${atom.max})`
    case 'tier':
      return inTier(atom.tier, around)
    case 'is':
      return isState(atom.state, around)
    case 'owner':
      return ownedBy(atom.text, around)
    case 'source':
      return contains(sql.ref('lead.source'), atom.text)
    case 'stage':
      return contains(sql.ref('lead.stage'), atom.text)
    case 'reason':
      return contains(sql`coalesce(lead.outcome_reason, '')`, atom.text)
    case 'label':
      return sql<boolean>`exists (select 1 from person_label where person_label.person_id = lead.person_id
        and ${isOneOf('person_label.label_id', around.labels.get(atom) ?? [])})`
    case 'outcome':
      return atom.outcome === 'qualified'
        ? sql<boolean>`(lead.qualified_at is not null and coalesce(lead.outcome, '') != 'disqualified')`
        : sql<boolean>`coalesce(lead.outcome, '') = ${atom.outcome}`
    case 'task':
      return atom.state === 'due'
        ? sql<boolean>`+lead.task_due_at is not null`
        : sql<boolean>`exists (select 1 from task
            where task.person_id = lead.person_id and task.done_at is null and task.removed_at is null)`
    case 'closed':
      return sql<boolean>`(lead.status != 'open' and coalesce(lead.outcome_at, lead.done_at, 0) >= ${atom.from}
        and coalesce(lead.outcome_at, lead.done_at, 0) < ${atom.to})`
    case 'has':
      if (atom.what === 'phone' || atom.what === 'email') {
        return sql<boolean>`exists (select 1 from handle
          where handle.person_id = lead.person_id and handle.kind = ${atom.what} and handle.valid = 1)`
      }
      break
    default:
      break
  }
  const since = atom.kind === 'time' ? sql`+lead.last_at >= ${atom.from ?? 0} and` : sql``
  return sql<boolean>`(${since} exists (select 1 from interaction
    where interaction.person_id = lead.person_id and ${spoken} and ${onMessage(atom, around)}))`
}

function hasOnMessage(what: Extract<SearchAtom, { kind: 'has' }>['what']): Condition {
  const call = (condition: Condition) => sql<boolean>`exists (select 1 from call
    where call.interaction_id = interaction.id and ${condition})`
  switch (what) {
    case 'attachment':
      return sql<boolean>`(interaction.channel != 'call' and exists (
        select 1 from attachment where attachment.interaction_id = interaction.id))`
    case 'quote':
      // Known by the name of the file, as people name them.
      return sql<boolean>`exists (select 1 from attachment where attachment.interaction_id = interaction.id
        and (${sql.join(
          quoteNames.map((it) => contains(sql.ref('attachment.name'), it)),
          sql` or `,
        )}))`
    case 'voicemail':
      return call(sql<boolean>`call.result = 'voicemail'`)
    case 'recording':
      return call(sql<boolean>`call.recording_id is not null`)
    case 'phone':
    case 'email':
      return sql<boolean>`exists (select 1 from handle
        where handle.person_id = interaction.person_id and handle.kind = ${what} and handle.valid = 1)`
    default:
      return missingCase(what)
  }
}

const quoteNames = ['quote', 'quotation', 'estimate', 'proposal', 'offer']

const isNewest = sql<boolean>`not exists (
  select 1 from lead as newer where newer.person_id = lead.person_id and newer.id > lead.id and newer.merged_into is null)`

function isState(state: Extract<SearchAtom, { kind: 'is' }>['state'], around: Around): Condition {
  const { now } = around.viewer
  const awake = sql<boolean>`(lead.snoozed_until is null or lead.snoozed_until <= ${now})`
  const open = sql<boolean>`lead.status = 'open'`
  switch (state) {
    case 'any':
      return sql<boolean>`true`
    case 'open':
      return open
    case 'done':
      return sql<boolean>`(lead.status = 'done' and lead.done_at is not null)`
    case 'not_lead':
      return sql<boolean>`lead.status = 'not_lead'`
    case 'due':
      return sql<boolean>`(${open} and +lead.due_at is not null and ${awake})`
    case 'overdue':
      return sql<boolean>`(${open} and +lead.due_at <= ${now} and ${awake})`
    case 'snoozed':
      return sql<boolean>`(${open} and lead.snoozed_until is not null and lead.snoozed_until > ${now})`
    case 'waiting':
      return sql<boolean>`(${open} and lead.rests_until > ${now})`
    case 'unassigned':
      return withoutOwner(around)
    case 'mine':
      return ownedByMember(around)
    case 'hot':
      return inTier('hot', around)
    case 'revisit':
      return sql<boolean>`(lead.status != 'open' and lead.revisit_at is not null and lead.revisit_at <= ${now})`
    case 'missed':
      return sql<boolean>`lead.missed_call = 1`
    default:
      return missingCase(state)
  }
}

function ownedBy(who: string, around: Around): Condition {
  const name = who.toLowerCase()
  if (name === 'me') return ownedByMember(around)
  if (['nobody', 'none', 'noone'].includes(name)) return withoutOwner(around)
  return sql<boolean>`${read('owner_id', around)} in (select member.id from member where ${contains(sql.ref('member.name'), who)})`
}

const inTier = (tier: Tier, around: Around) => sql<boolean>`${read('tier', around)} = ${tier}`
const withoutOwner = (around: Around) => sql<boolean>`${read('owner_id', around)} is null`
const ownedByMember = (around: Around) =>
  around.viewer.me === null ? sql<boolean>`false` : sql<boolean>`${read('owner_id', around)} = ${around.viewer.me}`

/** Tiers and owners have indexes that are in the order of what is due: in any other, all that match would be sorted. */
const read = (column: 'tier' | 'owner_id', { byDue }: Around) =>
  byDue ? sql.ref(`lead.${column}`) : sql`+${sql.ref(`lead.${column}`)}`

const contains = (column: RawBuilder<unknown>, text: string): Condition =>
  sql<boolean>`${column} like ${`%${text.replace(/[\\%_]/g, '\\$&')}%`} escape '\\'`

const withOneOf = (atom: SearchAtom, { people }: Around) => isOneOf('interaction.person_id', people.get(atom) ?? [])

const mailFrom = (who: string): Condition =>
  isAddress(who)
    ? sql<boolean>`exists (select 1 from mail where mail.interaction_id = interaction.id
        and mail.from_address = ${who.toLowerCase()})`
    : sql<boolean>`false`

const mailTo = (who: string): Condition =>
  isAddress(who)
    ? sql<boolean>`exists (select 1 from mail where mail.interaction_id = interaction.id
        and instr(lower(mail.to_addresses), ${JSON.stringify(who.toLowerCase())}) > 0)`
    : sql<boolean>`false`
