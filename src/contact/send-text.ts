import { badInput } from '../rpc/errors.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import { pickHandle, refuseUnreachable } from './choose-handle.ts'
import type { Queued } from './contract.ts'
import { type Automatic, insertOutgoing, queueJob, refusePlaceholders } from './queue-message.ts'
import { senderFor } from './sender.ts'
import { type ContactDeps, personOf } from './surroundings.ts'
import { windowRefusal } from './whatsapp-window.ts'

export type TextToSend = {
  readonly personId: number
  readonly handleId?: number | undefined
  readonly body: string
  /** Left out: by WhatsApp when that is how they last wrote and it still takes answers, else as a text. */
  readonly service?: 'sms' | 'whatsapp' | undefined
  readonly templateId: number | null
  readonly automatic?: Automatic
}

/** Writes a text or WhatsApp message down and puts it into the outbox. */
export async function sendText({ store, clock, outbox, askLine }: ContactDeps, text: TextToSend): Promise<Queued> {
  refusePlaceholders(text.body)
  if (text.body === '') throw badInput('The text is empty. Write something first.')
  const now = clock.now()
  const queued = await store.write((tx) => queueText(tx, { now, askLine }, text))
  outbox.nudge()
  return queued
}

/** The same within a transaction, for a text without placeholders. */
export async function queueText(
  tx: WriteStore,
  { now, askLine }: Pick<ContactDeps, 'askLine'> & { readonly now: number },
  text: TextToSend,
): Promise<Queued> {
  const person = await personOf(tx, text.personId)
  const last = await lastPhoneContact(tx, person.id)
  const to = await pickHandle(tx, 'sms', person, text.handleId, last?.theirs ?? null, text.automatic !== undefined)
  const kind = text.service ?? (await serviceFor(tx, person.id, to, last, now))
  await refuseUnreachable(tx, kind, to, person.id)
  const closed = kind === 'whatsapp' ? await windowRefusal(tx, person.id, to, now) : null
  if (closed !== null) throw badInput(closed)
  // WhatsApp takes an answer only from the number it came to: to WhatsApp another one of ours is another business.
  const known = kind === 'whatsapp' ? await lastPhoneContact(tx, person.id, ['whatsapp']) : last
  const sender = await senderFor(tx, kind, { accountId: known?.accountId ?? null, number: known?.ours ?? null })
  const message = {
    personId: person.id,
    accountId: sender.accountId,
    templateId: text.templateId,
    subject: '',
    text: text.body,
    at: now,
    automatic: text.automatic,
  }
  const interactionId = await insertOutgoing(tx, kind, message)
  if (kind === 'sms') await askLine(tx, person.id, now)
  await tx.db
    .insertInto('text_message')
    .values({ interaction_id: interactionId, from_number: sender.from, to_number: to })
    .execute()
  return queueJob(tx, interactionId, message, { kind, from: sender.from, to, body: text.body })
}

/** Whoever wrote last by WhatsApp is answered there, while WhatsApp lets us. */
async function serviceFor(
  store: ReadStore,
  personId: number,
  to: string,
  last: PhoneContact | null,
  now: number,
): Promise<'sms' | 'whatsapp'> {
  if (last?.channel !== 'whatsapp' || last.theirs !== to) return 'sms'
  return (await windowRefusal(store, personId, to, now)) === null ? 'whatsapp' : 'sms'
}

type PhoneChannel = 'sms' | 'whatsapp' | 'call'

type PhoneContact = {
  readonly channel: PhoneChannel
  readonly accountId: number | null
  readonly theirs: string | null
  /** The own number they wrote to or called, else the one that we used. */
  readonly ours: string | null
}

/** How they last reached us by phone; when they never did, how we last reached them. */
export async function lastPhoneContact(
  store: ReadStore,
  personId: number,
  channels: readonly PhoneChannel[] = ['sms', 'whatsapp', 'call'],
): Promise<PhoneContact | null> {
  const cameIn = await contactQuery(store, personId, 'in', channels).executeTakeFirst()
  const row = cameIn ?? (await contactQuery(store, personId, 'out', channels).executeTakeFirst())
  if (!row) return null
  const from = row.text_from ?? row.call_from
  const to = row.text_to ?? row.call_to
  const contact = { channel: row.channel as PhoneChannel, accountId: row.account_id }
  return row.direction === 'in' ? { ...contact, theirs: from, ours: to } : { ...contact, theirs: to, ours: from }
}

const contactQuery = (store: ReadStore, personId: number, direction: 'in' | 'out', channels: readonly PhoneChannel[]) =>
  store.db
    .selectFrom('interaction')
    .leftJoin('text_message', 'text_message.interaction_id', 'interaction.id')
    .leftJoin('call', 'call.interaction_id', 'interaction.id')
    .select([
      'interaction.channel',
      'interaction.account_id',
      'interaction.direction',
      'text_message.from_number as text_from',
      'text_message.to_number as text_to',
      'call.from_number as call_from',
      'call.to_number as call_to',
    ])
    .where('interaction.person_id', '=', personId)
    .where('interaction.direction', '=', direction)
    .where('interaction.channel', 'in', [...channels])
    .where('interaction.account_id', 'is not', null)
    .orderBy('interaction.at', 'desc')
    .limit(1)
