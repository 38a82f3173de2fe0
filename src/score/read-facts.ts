import { sql } from 'kysely'
import { parsePhoneNumberFromString } from 'libphonenumber-js'
import { must } from '../lib/assert.ts'
import { day } from '../lib/durations.ts'
import { lineTold, lineType } from '../lib/line-type.ts'
import { keptQuery } from '../store/queries/kept-query.ts'
import { bestOf, type FieldRow, fieldRows, toldLines } from '../store/queries/person-fields.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import { type About, collectFacts, type Facts, packFacts, type Touch, unpackFacts } from './facts.ts'

/** The facts of a lead: kept ones while they are true, else collected from everything that is stored. */
export async function readFacts(store: ReadStore, leadId: number): Promise<Facts> {
  const [kept] = await keptFacts(store, { leadId })
  return (kept && unpackFacts(kept.facts)) ?? collectFactsOf(store, leadId)
}

/** The same, and keeps them: the next look is one row. Whatever changes them takes the row away (migration 0090). */
export async function keepFacts(tx: WriteStore, leadId: number): Promise<Facts> {
  const [kept] = await keptFacts(tx, { leadId })
  const known = kept && unpackFacts(kept.facts)
  if (known) return known
  const facts = await collectFactsOf(tx, leadId)
  await saveFacts(tx, { leadId, facts: packFacts(facts) })
  return facts
}

async function collectFactsOf(store: ReadStore, leadId: number): Promise<Facts> {
  const [lead] = await leadOf(store, { leadId })
  const { personId, openedAt, ...known } = must(lead, `lead ${leadId}`)
  const touches = (await touchesOf(store, { leadId, until: always })).reverse()
  const handles = await handlesOf(store, { personId })
  const fields = (await fieldRows(store, { personId })).filter((it) => isOfLead(it, openedAt))
  const sources = await sourcesOf(store, { leadId })
  return collectFacts(touches.map(asTouch), aboutOf({ ...known, handles, fields, sources }), openedAt)
}

export type FactsThen = {
  readonly facts: Facts
  /** Their mail addresses that were known. */
  readonly emails: readonly string[]
}

/**
 * What was known of a lead at a moment, ms UTC: nothing that came, was read or was typed in later. What is kept of a
 * person without its time (company, notes of the card) is left out: it may have been learnt after they had bought.
 */
export async function readFactsThen(store: ReadStore, leadId: number, then: number): Promise<FactsThen> {
  const [lead] = await leadOf(store, { leadId })
  const { personId, openedAt, region, source } = must(lead, `lead ${leadId}`)
  const touches = (await touchesOf(store, { leadId, until: then })).reverse()
  const handles = (await handlesOf(store, { personId })).filter((it) => it.createdAt <= then)
  const fields = (await fieldRows(store, { personId })).filter((it) => it.at <= then && isOfLead(it, openedAt))
  const sources = (await sourcesOf(store, { leadId })).filter((it) => it.at <= then)
  const company = bestField(fields, 'company')
  return {
    facts: collectFacts(touches.map(asTouch), aboutOf({ company, region, source, handles, fields, sources }), openedAt),
    emails: handles.filter((it) => it.kind === 'email').map((it) => it.value),
  }
}

// What somebody wanted two years ago says nothing of what they want now. A day, because a mail is older than its lead.
const isOfLead = (row: FieldRow, openedAt: number) =>
  (row.field !== 'budget' && row.field !== 'timeline') || row.at >= openedAt - day

type Known = {
  readonly company: string | null
  readonly region: string | null
  readonly source: string
  readonly handles: readonly { readonly kind: string; readonly value: string }[]
  readonly fields: readonly FieldRow[]
  readonly sources: readonly { readonly source: string; readonly detail: string }[]
}

function aboutOf({ company, region, source, handles, fields, sources }: Known): About {
  const best = new Map([...new Set(fields.map((it) => it.field))].map((name) => [name, bestField(fields, name)]))
  const amount = (name: string) => {
    const value = Number(best.get(name) || Number.NaN)
    return Number.isFinite(value) ? value : null
  }
  const numbers = handles.filter((it) => it.kind === 'phone').map((it) => it.value)
  const details = sources.map((it) => JSON.parse(it.detail) as Readonly<Record<string, string>>)
  // Amounts are compared as amounts; their words are what a form or a mail said.
  const words = [...best].filter(([name]) => !['budget', 'timeline', 'employees', 'line'].includes(name))
  const told = toldLines(fields)
  return {
    company,
    region,
    hasEmail: handles.some((it) => it.kind === 'email'),
    fields: Object.fromEntries(words.map(([name, value]) => [name, value ?? ''])),
    budget: amount('budget'),
    timelineDays: amount('timeline'),
    employees: amount('employees'),
    countries: [...new Set(numbers.flatMap((it) => parsePhoneNumberFromString(it)?.country ?? []))],
    lines: [...new Set(numbers.flatMap((it) => lineTold(it, told) ?? lineType(it) ?? []))],
    sources: [source, ...sources.map((it) => it.source), ...details.flatMap((it) => it.told ?? [])],
    tracking: Object.assign({}, ...details),
  }
}

const bestField = (rows: readonly FieldRow[], name: string) =>
  bestOf(rows.filter((it) => it.field === name))?.value || null

const asTouch = (row: TouchRow): Touch => ({
  ...row,
  automatic: row.automatic === 1,
  intent: row.corrected ?? row.intent,
})

type OfLead = { leadId: number }
type OfPerson = { personId: number }

const keptFacts = keptQuery<OfLead, { readonly facts: string }>((db, value) =>
  db.selectFrom('lead_fact').select('facts').where('lead_id', '=', value('leadId')),
)

const saveFacts = keptQuery<OfLead & { facts: string }, unknown>((db, value) =>
  db
    .insertInto('lead_fact')
    .values({ lead_id: value('leadId'), facts: value('facts') })
    .onConflict((conflict) => conflict.column('lead_id').doUpdateSet({ facts: value('facts') })),
)

type LeadRow = {
  readonly personId: number
  readonly openedAt: number
  readonly source: string
  readonly company: string | null
  readonly region: string | null
}

const leadOf = keptQuery<OfLead, LeadRow>((db, value) =>
  db
    .selectFrom('lead')
    .innerJoin('person', 'person.id', 'lead.person_id')
    .select([
      'lead.person_id as personId',
      'lead.opened_at as openedAt',
      'lead.source',
      'person.company',
      'person.region',
    ])
    .where('lead.id', '=', value('leadId')),
)

type TouchRow = Omit<Touch, 'automatic'> & { readonly automatic: 0 | 1; readonly corrected: Touch['intent'] }

// The last of them: a thread of four hundred says no more.
const latest = 150
const always = Number.MAX_SAFE_INTEGER

const touchesOf = keptQuery<OfLead & { until: number }, TouchRow>((db, value) =>
  db
    .selectFrom('interaction')
    .leftJoin('mail', 'mail.interaction_id', 'interaction.id')
    .leftJoin('form_submission', 'form_submission.interaction_id', 'interaction.id')
    .leftJoin('call', 'call.interaction_id', 'interaction.id')
    .leftJoin('message_insight', 'message_insight.interaction_id', 'interaction.id')
    .leftJoin('intent_example', 'intent_example.interaction_id', 'interaction.id')
    .select([
      'interaction.at',
      'interaction.automatic',
      'interaction.channel',
      'interaction.subject',
      'mail.robot',
      'form_submission.fields',
      'form_submission.known',
      'call.result',
      'message_insight.intent',
      'message_insight.urgency',
      'intent_example.intent as corrected',
    ])
    .select(sql<'in' | 'out'>`interaction.direction`.as('direction'))
    // Of ours only the time counts.
    .select(sql<string>`iif(interaction.direction = 'in', interaction.text, '')`.as('text'))
    .where('interaction.lead_id', '=', value('leadId'))
    .where('interaction.at', '<=', value('until'))
    .where('interaction.direction', 'in', ['in', 'out'])
    .where('interaction.delivery', 'not in', ['cancelled', 'failed'])
    .orderBy('interaction.at', 'desc')
    .orderBy('interaction.id', 'desc')
    .limit(latest),
)

const handlesOf = keptQuery<OfPerson, { readonly kind: string; readonly value: string; readonly createdAt: number }>(
  (db, value) =>
    db
      .selectFrom('handle')
      .select(['kind', 'value', 'created_at as createdAt'])
      .where('person_id', '=', value('personId'))
      .orderBy('last_used_at', 'desc')
      .orderBy('id')
      .limit(20),
)

const sourcesOf = keptQuery<OfLead, { readonly source: string; readonly detail: string; readonly at: number }>(
  (db, value) =>
    db
      .selectFrom('source_touch')
      .select(['source', 'detail', 'at'])
      // Written out, so that SQLite takes its partial index.
      .where(sql<boolean>`lead_id is not null`)
      .where('lead_id', '=', value('leadId'))
      .orderBy('at')
      .orderBy('id')
      .limit(50),
)
