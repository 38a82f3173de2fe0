import { badInput } from '../rpc/errors.ts'
import { chooseHandle } from './choose-handle.ts'
import type { Queued } from './contract.ts'
import { insertOutgoing, queueJob, refusePlaceholders } from './queue-message.ts'
import { type ContactDeps, currentMember, personOf } from './surroundings.ts'

export type ChatToSend = {
  readonly personId: number
  readonly handleId?: number | undefined
  readonly body: string
  readonly templateId: number | null
}

/** Writes an answer to a visitor of the website down and puts it into the outbox. */
export async function sendChat({ store, clock, outbox, newId }: ContactDeps, chat: ChatToSend): Promise<Queued> {
  refusePlaceholders(chat.body)
  if (chat.body === '') throw badInput('The message is empty. Write something first.')
  const queued = await store.write(async (tx) => {
    const person = await personOf(tx, chat.personId)
    const to = await chooseHandle(tx, 'chat', person, chat.handleId)
    const visitor = await tx.db
      .selectFrom('chat_visitor')
      .innerJoin('account', 'account.id', 'chat_visitor.account_id')
      .select(['account_id', 'removed_at'])
      .where('visitor', '=', to)
      .executeTakeFirst()
    if (!visitor || visitor.removed_at !== null) throw badInput(chatGone)
    const member = await currentMember(tx)
    const message = {
      personId: person.id,
      accountId: visitor.account_id,
      templateId: chat.templateId,
      subject: '',
      text: chat.body,
      at: clock.now(),
    }
    const interactionId = await insertOutgoing(tx, 'chat', message)
    await tx.db
      .insertInto('text_message')
      .values({ interaction_id: interactionId, from_number: '', to_number: to })
      .execute()
    const name = member?.name.trim().split(/\s+/)[0] || null
    const id = newId().replaceAll('-', '')
    return queueJob(tx, interactionId, message, { kind: 'chat', id, to, body: chat.body, name })
  })
  outbox.nudge()
  return queued
}

const chatGone =
  'The chat they wrote in is not connected any more, so they cannot be answered there. Answer by e-mail or text.'
