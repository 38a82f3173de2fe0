import type { PreparedMessage } from '../channels/channel.ts'
import { badInput, conflict, DeskbellError } from '../rpc/errors.ts'
import type { ReadStore } from '../store/store.ts'
import { pickHandle, refuseUnreachable } from './choose-handle.ts'
import { fillPrepared, type Queued } from './contract.ts'
import { insertOutgoing, queueJob } from './queue-message.ts'
import { lastPhoneContact } from './send-text.ts'
import { type Sender, senderFor } from './sender.ts'
import { type ContactDeps, personOf } from './surroundings.ts'
import { lastWhatsAppFrom } from './whatsapp-window.ts'

/** The messages that WhatsApp approved for the account this person is written to from. */
export async function preparedMessages(deps: ContactDeps, personId: number): Promise<readonly PreparedMessage[]> {
  return approvedBy(deps, await senderTo(deps.store.read, personId))
}

/**
 * Whether anybody can be written to by WhatsApp: it approves messages only for who has a sender there. A provider that
 * cannot be asked right now is no way to write.
 */
export async function whatsAppIsSetUp(deps: ContactDeps): Promise<boolean> {
  try {
    const sender = await senderFor(deps.store.read, 'whatsapp', { accountId: null, number: null })
    return (await approvedBy(deps, sender)).length > 0
  } catch (error) {
    if (error instanceof DeskbellError) return false
    throw error
  }
}

export type PreparedToSend = {
  readonly personId: number
  readonly handleId?: number | undefined
  readonly contentSid: string
  readonly variables: Readonly<Record<string, string>>
}

/** Writes a prepared WhatsApp message down and puts it into the outbox. Its words are those that the provider has. */
export async function sendPrepared(deps: ContactDeps, message: PreparedToSend): Promise<Queued> {
  const { store, clock, outbox } = deps
  const { personId, contentSid, variables } = message
  const sender = await senderTo(store.read, personId)
  const prepared = (await approvedBy(deps, sender)).find((it) => it.contentSid === contentSid)
  if (!prepared) throw conflict('WhatsApp does not approve this template any more. Choose another one.')
  const gap = prepared.variables.find(({ key }) => !variables[key]?.trim())
  if (gap) throw badInput(`Fill in {{${gap.key}}} first: WhatsApp takes no template with gaps.`)
  const body = fillPrepared(prepared.body, variables)
  const queued = await store.write(async (tx) => {
    const now = clock.now()
    const person = await personOf(tx, personId)
    const last = await lastPhoneContact(tx, person.id, ['whatsapp'])
    const to = await pickHandle(tx, 'whatsapp', person, message.handleId, last?.theirs ?? null)
    // Whoever never wrote by WhatsApp is a stranger there: what holds for a first text holds for them.
    const isKnown = (await lastWhatsAppFrom(tx, person.id, to)) !== null
    await refuseUnreachable(tx, isKnown ? 'whatsapp' : 'sms', to, person.id)
    const row = { personId, accountId: sender.accountId, templateId: null, subject: '', text: body, at: now }
    const interactionId = await insertOutgoing(tx, 'whatsapp', row)
    await tx.db
      .insertInto('text_message')
      .values({ interaction_id: interactionId, from_number: sender.from, to_number: to })
      .execute()
    const outgoing = { kind: 'whatsapp', from: sender.from, to, body, prepared: { contentSid, variables } } as const
    return queueJob(tx, interactionId, row, outgoing)
  })
  outbox.nudge()
  return queued
}

/** WhatsApp knows a business by its number: the one they wrote to, else the first. */
async function senderTo(store: ReadStore, personId: number): Promise<Sender> {
  const last = await lastPhoneContact(store, personId, ['whatsapp'])
  return senderFor(store, 'whatsapp', { accountId: last?.accountId ?? null, number: last?.ours ?? null })
}

async function approvedBy({ channels }: ContactDeps, { accountId }: Sender): Promise<readonly PreparedMessage[]> {
  const channel = channels.of(accountId)
  if (!channel?.prepared) throw conflict('This account has no WhatsApp templates. Send a text or an e-mail instead.')
  return channel.prepared()
}
