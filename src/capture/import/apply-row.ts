import { must } from '../../lib/assert.ts'
import { currencyIn, currencyOf, minorOf } from '../../lib/currency-of.ts'
import { recordEvent } from '../../store/queries/events.ts'
import { insertRow } from '../../store/queries/insert-row.ts'
import { indexPerson } from '../../store/queries/search.ts'
import { recordTouch } from '../../store/queries/source-touch.ts'
import type { WriteStore } from '../../store/store.ts'
import { type Batch, kindIn, valueIn } from '../batch.ts'
import type { ImportPlan } from '../contract.ts'
import type { Enrich } from '../find-person.ts'
import { nameFromAddress } from '../names.ts'
import { leadForArrival } from '../open-lead.ts'
import type { Candidate } from './candidate.ts'
import type { Decision } from './judge.ts'

/** What a row did, kept with it for the undo. */
export type Done = {
  readonly created: boolean
  readonly handles: readonly number[]
  readonly touch: number | null
  readonly note: number | null
  readonly lead: number | null
  /** Values of the person that it set, and what was there before. */
  readonly before: PersonValues
  readonly after: PersonValues
  /** When: a person that was changed later says another time. */
  readonly at: number
}
export type PersonValues = {
  readonly name?: string
  readonly name_rank?: number
  readonly company?: string | null
  readonly title?: string | null
  readonly updated_at?: number
}

export type Applying = {
  readonly batch: Batch
  readonly enrich: Enrich
  readonly plan: ImportPlan
  readonly fileName: string
}

/** Does what was decided for one row. Rows that bring nothing answer null. */
export async function applyRow(
  applying: Applying,
  candidate: Candidate,
  decision: Decision,
): Promise<{ readonly personId: number; readonly done: Done | null } | null> {
  const { batch, fileName } = applying
  const { tx, now } = batch
  const { known } = decision
  if (decision.verdict === 'reject') return null
  const personId = known
    ? must(known.id, 'the person of a row')
    : await makePerson(applying, decision, newValues(applying, decision))
  const { before, after } = known ? await fillBlanks(tx, personId, decision, now) : unchanged
  const handles = await addHandles(applying, personId, decision)
  if (handles.length > 0 || Object.keys(after).length > 0) await indexPerson(tx, personId)
  if (!known) {
    const text = `From the list ${fileName} · ${decision.source}`
    await recordEvent(tx, { at: now, type: 'import.created', personId, authorId: batch.settings.me, text })
  }
  const lead = decision.opensLead ? await openLead(applying, personId, decision, candidate) : null
  const touch = decision.isTouch
    ? await recordTouch(tx, {
        personId,
        leadId: lead,
        interactionId: null,
        at: now,
        source: decision.source,
        detail: candidate.detail,
      })
    : null
  const note = decision.note ? await addNote(batch, personId, lead, decision.note) : null
  if (known && handles.length + Object.keys(after).length === 0 && !lead && !touch && !note)
    return { personId, done: null }
  return { personId, done: { created: !known, handles, touch, note, lead, before, after, at: now } }
}

type Change = Pick<Done, 'before' | 'after'>
const unchanged: Change = { before: {}, after: {} }

/** What is known stays: only blanks are filled, and a guessed name. */
async function fillBlanks(tx: WriteStore, personId: number, decision: Decision, now: number): Promise<Change> {
  const { name, company, title } = decision
  const values = { ...(name && { name, name_rank: 1 }), ...(company && { company }), ...(title && { title }) }
  if (Object.keys(values).length === 0) return unchanged
  const after = { ...values, updated_at: now }
  const columns = Object.keys(after) as (keyof typeof after)[]
  const before = await tx.db.selectFrom('person').select(columns).where('id', '=', personId).executeTakeFirstOrThrow()
  await tx.db.updateTable('person').set(after).where('id', '=', personId).execute()
  return { before, after }
}

function newValues({ enrich }: Applying, { name, company, title, newKeys }: Decision): PersonValues {
  const email = newKeys.find((key) => kindIn(key) === 'email')
  const first = must(newKeys[0], 'an address or a number')
  const fallback = email ? nameFromAddress(valueIn(email)) : valueIn(first)
  return {
    name: name ?? fallback,
    name_rank: name ? 1 : 0,
    company: company ?? (email ? enrich.companyFromEmail(valueIn(email)) : null),
    title,
  }
}

async function makePerson({ batch, enrich }: Applying, { newKeys }: Decision, values: PersonValues): Promise<number> {
  const phone = newKeys.find((key) => kindIn(key) === 'phone')
  const { region, zone } = phone ? enrich.phoneRegion(valueIn(phone)) : { region: null, zone: null }
  const id = await insertRow(batch.tx, 'person', {
    name: values.name ?? '',
    name_rank: values.name_rank ?? 0,
    company: values.company ?? null,
    region,
    zone,
    title: values.title ?? null,
    created_at: batch.now,
    updated_at: batch.now,
  })
  batch.newPeople.add(id)
  batch.leads.set(id, null)
  return id
}

async function addHandles({ batch, plan }: Applying, personId: number, { newKeys }: Decision): Promise<number[]> {
  const ids: number[] = []
  for (const key of newKeys) {
    const row = {
      person_id: personId,
      kind: kindIn(key),
      value: valueIn(key),
      label: null,
      opted_out_at: null,
      // Never used yet: what they really wrote from stays the first choice.
      last_used_at: 0,
      created_at: batch.now,
      consent: plan.mayText ? ('given' as const) : plan.as === 'inbound' ? ('implied' as const) : ('none' as const),
    }
    ids.push(await insertRow(batch.tx, 'handle', row))
  }
  return ids
}

async function addNote(batch: Batch, personId: number, leadId: number | null, text: string): Promise<number> {
  return insertRow(batch.tx, 'interaction', {
    person_id: personId,
    lead_id: leadId,
    account_id: null,
    channel: 'note',
    direction: 'internal',
    at: batch.now,
    author_id: batch.settings.me,
    automatic: 0,
    subject: '',
    text,
    quoted: null,
    delivery: 'received',
    problem: null,
    created_at: batch.now,
  })
}

async function openLead(
  { batch, plan, fileName }: Applying,
  personId: number,
  decision: Decision,
  candidate: Candidate,
): Promise<number> {
  const { source } = decision
  if (plan.as === 'inbound' && candidate.outcome === null) {
    const arrival = { at: batch.now, channel: 'note' as const, source, detail: candidate.detail, did: 'in a list' }
    return (await leadForArrival(batch, arrival, personId, null)).leadId
  }
  // Nobody waits for an answer here, so there are no deadlines and nobody's turn is taken.
  return insertRow(batch.tx, 'lead', {
    person_id: personId,
    status: 'open',
    owner_id: null,
    owner_reason: 'From a list: nobody took it yet',
    source,
    source_detail: JSON.stringify(candidate.detail),
    score: 0,
    tier: 'nurture',
    opened_at: batch.now,
    last_at: batch.now,
    last_channel: 'note',
    last_direction: 'internal',
    preview: candidate.note?.slice(0, 200) ?? `From the list ${fileName}`,
    missed_call: 0,
    outbox: 'idle',
    origin: plan.as === 'inbound' ? 'inbound' : 'outbound',
    ...endOf(batch, candidate),
  })
}

/** A lead that ended before it came here: what scores learn from. When it ended the list does not say. */
function endOf({ now, settings }: Batch, { outcome, value, valueWords }: Candidate) {
  if (outcome === null) return {}
  const own = currencyOf(settings.business.country)
  const currency = valueWords.map((it) => currencyIn(it, own)).find((it) => it !== null) ?? own
  const hasValue = outcome === 'won' && value !== null
  return {
    status: 'done' as const,
    done_at: now,
    outcome,
    outcome_at: now,
    owner_reason: 'From a list of what was won and lost',
    ...(hasValue ? { value_minor: minorOf(value, currency), currency } : {}),
  }
}
