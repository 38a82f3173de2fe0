import type { Inbound } from '../channels/channel.ts'
import type { ChannelKind } from '../inbox/contract.ts'
import { day } from '../lib/durations.ts'
import { recordEvent } from '../store/queries/events.ts'
import { insertRow } from '../store/queries/insert-row.ts'
import { type Batch, type KnownLead, touch } from './batch.ts'
import { channelOf } from './file-item.ts'
import type { KnownMail } from './known-mails.ts'

/** Somebody who comes back within this time continues what was done; later it is a new lead (features B11). */
const reopenWithin = 7 * day

// What a source is called when nothing better is known: never empty.
const channelNames: Readonly<Record<ChannelKind, string>> = {
  email: 'E-mail',
  sms: 'Text message',
  whatsapp: 'WhatsApp',
  chat: 'Chat',
  call: 'Phone call',
  form: 'Web form',
  note: 'Added by hand',
}

/** Somebody came to us, on whatever way: what a lead is opened for. */
export type Arrival = {
  readonly at: number
  readonly channel: ChannelKind
  /** Where they came from; null when only the channel is known. */
  readonly source: string | null
  readonly detail: Readonly<Record<string, string>>
  /** "they wrote", for the timeline */
  readonly did: string
}

/** What it meant for the lead; `continued` is no new touch. */
export type Taken = { readonly leadId: number; readonly came: 'opened' | 'reopened' | 'continued' }

export const arrivalOf = (item: Inbound): Arrival => ({
  at: item.at,
  channel: channelOf(item),
  source: readable(item.source.name ?? '') || null,
  detail: item.source.detail,
  did: didWhat(item),
})

// As long as a member may type one. Anybody can write a page's address, and so a campaign into it.
const longestSource = 200
const readable = (name: string) =>
  name
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .trim()
    .slice(0, longestSource)

/** Never empty: at the least the channel. */
export const sourceOf = ({ source, channel }: Pick<Arrival, 'source' | 'channel'>) => source || channelNames[channel]

/** The open lead of a person, else the last one. */
export async function leadOf(batch: Batch, personId: number): Promise<KnownLead | null> {
  const known = batch.leads.get(personId)
  if (known !== undefined) return known
  const rows = await batch.tx.db
    .selectFrom('lead')
    .select(['id', 'status', 'done_at as doneAt', 'snoozed_until as snoozedUntil', 'snooze_keep'])
    .where('person_id', '=', personId)
    .orderBy('opened_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  const row = rows.find((it) => it.status === 'open') ?? rows[0]
  const lead = row ? { ...row, snoozeKept: row.snooze_keep === 1 } : null
  batch.leads.set(personId, lead)
  return lead
}

/**
 * The lead that something of theirs belongs to: the open one, one done a few days ago (opened again), else a new one.
 * A mail in a conversation that a human called "not a lead" stays filed there.
 */
export async function leadForArrival(
  batch: Batch,
  arrival: Arrival,
  personId: number,
  parent: KnownMail | null,
): Promise<Taken> {
  const lead = await leadOf(batch, personId)
  if (lead?.status === 'open') {
    if (lead.snoozedUntil !== null) await wakeUnlessKept(batch, arrival, lead, personId)
    await noteQuestion(batch, arrival, lead.id, personId)
    return { leadId: lead.id, came: 'continued' }
  }
  if (lead?.status === 'not_lead' && parent?.leadId === lead.id) return { leadId: lead.id, came: 'continued' }
  if (lead?.status === 'done' && arrival.at - (lead.doneAt ?? 0) <= reopenWithin) {
    await reopen(batch, arrival, lead, personId)
    await noteQuestion(batch, arrival, lead.id, personId)
    return { leadId: lead.id, came: 'reopened' }
  }
  const opened = await openLead(batch, arrival, personId)
  if (!batch.newPeople.has(personId)) await noteEarlierAnswer(batch, arrival, opened, personId)
  return { leadId: opened, came: 'opened' }
}

async function openLead(batch: Batch, arrival: Arrival, personId: number): Promise<number> {
  const openedAt = Math.min(arrival.at, batch.now)
  const id = await insertRow(batch.tx, 'lead', {
    person_id: personId,
    status: 'open',
    owner_id: null,
    owner_reason: null,
    source: sourceOf(arrival),
    source_detail: JSON.stringify(arrival.detail),
    score: 0,
    tier: 'nurture',
    opened_at: openedAt,
    done_at: null,
    snoozed_until: null,
    first_auto_at: null,
    first_human_at: null,
    clock_kind: null,
    clock_started_at: null,
    risk_at: null,
    due_at: null,
    last_at: openedAt,
    last_channel: arrival.channel,
    last_direction: 'in',
    preview: '',
    missed_call: 0,
    outbox: 'idle',
  })
  batch.leads.set(personId, { id, status: 'open', doneAt: null, snoozedUntil: null, snoozeKept: false })
  touch(batch, id, personId, openedAt).arrived = true
  return id
}

async function reopen(batch: Batch, arrival: Arrival, lead: KnownLead, personId: number): Promise<void> {
  await batch.tx.db
    .updateTable('lead')
    .set((it) => ({
      status: 'open',
      done_at: null,
      snoozed_until: null,
      // A job that was won stays won when they write again; one that was given up is not over after all.
      outcome: it
        .case()
        .when('outcome', '=', 'won')
        .then('won' as const)
        .else(null)
        .end(),
      outcome_at: it.case().when('outcome', '=', 'won').then(it.ref('outcome_at')).else(null).end(),
    }))
    .where('id', '=', lead.id)
    .execute()
  batch.leads.set(personId, { ...lead, status: 'open', doneAt: null, snoozedUntil: null })
  touch(batch, lead.id, personId).clockEvents.push({ kind: 'reopened', at: Math.min(arrival.at, batch.now) })
  const text = `Opened again: ${arrival.did}`
  await recordEvent(batch.tx, { at: batch.now, type: 'lead.reopened', personId, leadId: lead.id, text })
}

/** Who said "even if they write" finds it again when they said they would. */
async function wakeUnlessKept(batch: Batch, arrival: Arrival, lead: KnownLead, personId: number): Promise<void> {
  if (lead.snoozeKept && lead.snoozedUntil !== null && lead.snoozedUntil > batch.now) {
    touch(batch, lead.id, personId).sleepsOn = true
    return
  }
  await batch.tx.db.updateTable('lead').set({ snoozed_until: null }).where('id', '=', lead.id).execute()
  batch.leads.set(personId, { ...lead, snoozedUntil: null })
  const text = `Back from snooze: ${arrival.did}`
  await recordEvent(batch.tx, { at: batch.now, type: 'lead.woke', personId, leadId: lead.id, text })
}

function didWhat(item: Inbound): string {
  if (item.content.kind === 'call') return 'they called'
  return item.content.kind === 'form' ? 'they filled in a form' : 'they wrote'
}

/** Something of theirs came for a lead that was there. */
async function noteQuestion(batch: Batch, arrival: Arrival, leadId: number, personId: number): Promise<void> {
  const touched = touch(batch, leadId, personId)
  touched.arrived = true
  touched.clockEvents.push({ kind: 'asked', at: Math.min(arrival.at, batch.now) })
  await noteEarlierAnswer(batch, arrival, leadId, personId)
}

/**
 * Channels deliver out of order: the Sent folder may be read before the INBOX. An answer that we know already and that
 * was given after what comes in now stops the clock that this starts.
 */
async function noteEarlierAnswer(batch: Batch, arrival: Arrival, leadId: number, personId: number): Promise<void> {
  const answer = await batch.tx.db
    .selectFrom('interaction')
    .leftJoin('call', 'call.interaction_id', 'interaction.id')
    .select(['interaction.id', 'at'])
    .where('person_id', '=', personId)
    .where('direction', '=', 'out')
    .where('automatic', '=', 0)
    .where('delivery', 'in', ['sent', 'delivered'])
    .where('at', '>', arrival.at)
    .where((it) => it.or([it('call.result', 'is', null), it('call.result', '=', 'answered')]))
    .orderBy('at')
    .limit(1)
    .executeTakeFirst()
  if (!answer) return
  const event = { kind: 'answered', at: answer.at, interactionId: answer.id, human: true } as const
  touch(batch, leadId, personId).clockEvents.push(event)
}
