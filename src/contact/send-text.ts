import { badInput } from '../rpc/errors.ts'
import type { ReadStore } from '../store/store.ts'
import { chooseHandle } from './choose-handle.ts'
import type { Queued } from './contract.ts'
import { insertOutgoing, queueJob, refusePlaceholders } from './queue-message.ts'
import { senderFor } from './sender.ts'
import { type ContactDeps, personOf } from './surroundings.ts'

export type TextToSend = {
  readonly personId: number
  readonly handleId?: number | undefined
  readonly body: string
  readonly templateId: number | null
}

/** Writes a text down and puts it into the outbox. */
export async function sendText({ store, clock, outbox }: ContactDeps, text: TextToSend): Promise<Queued> {
  refusePlaceholders(text.body)
  if (text.body === '') throw badInput('The text is empty. Write something first.')
  const queued = await store.write(async (tx) => {
    const person = await personOf(tx, text.personId)
    const last = await lastPhoneContact(tx, person.id)
    const to = await chooseHandle(tx, 'sms', person, text.handleId, last?.theirs ?? null)
    const sender = await senderFor(tx, 'phone', last?.accountId ?? null)
    const message = {
      personId: person.id,
      accountId: sender.accountId,
      templateId: text.templateId,
      subject: '',
      text: text.body,
      at: clock.now(),
    }
    const interactionId = await insertOutgoing(tx, 'sms', message)
    await tx.db
      .insertInto('text_message')
      .values({ interaction_id: interactionId, from_number: sender.from, to_number: to })
      .execute()
    return queueJob(tx, interactionId, message, { kind: 'sms', to, body: text.body })
  })
  outbox.nudge()
  return queued
}

/** The line and the number that texts and calls with a person last used. */
export async function lastPhoneContact(
  store: ReadStore,
  personId: number,
): Promise<{ readonly accountId: number | null; readonly theirs: string | null } | null> {
  const row = await store.db
    .selectFrom('interaction')
    .leftJoin('text_message', 'text_message.interaction_id', 'interaction.id')
    .leftJoin('call', 'call.interaction_id', 'interaction.id')
    .select([
      'interaction.account_id',
      'interaction.direction',
      'text_message.from_number as text_from',
      'text_message.to_number as text_to',
      'call.from_number as call_from',
      'call.to_number as call_to',
    ])
    .where('interaction.person_id', '=', personId)
    .where('interaction.channel', 'in', ['sms', 'whatsapp', 'call'])
    .where('interaction.account_id', 'is not', null)
    .orderBy('interaction.at', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return null
  const theirs = row.direction === 'in' ? (row.text_from ?? row.call_from) : (row.text_to ?? row.call_to)
  return { accountId: row.account_id, theirs }
}
