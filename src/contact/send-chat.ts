import { badInput } from '../rpc/errors.ts'
import type { WriteStore } from '../store/store.ts'
import { chooseHandle } from './choose-handle.ts'
import type { Queued } from './contract.ts'
import { type Automatic, insertOutgoing, queueJob, refusePlaceholders } from './queue-message.ts'
import { type ContactDeps, currentMember, personOf } from './surroundings.ts'

export type ChatToSend = {
  readonly personId: number
  readonly handleId?: number | undefined
  readonly body: string
  readonly templateId: number | null
  readonly automatic?: Automatic
}

/** Writes an answer to a visitor of the website down and puts it into the outbox. */
export async function sendChat({ store, clock, outbox, newId }: ContactDeps, chat: ChatToSend): Promise<Queued> {
  refusePlaceholders(chat.body)
  if (chat.body === '') throw badInput('The message is empty. Write something first.')
  const now = clock.now()
  const queued = await store.write((tx) => queueChat(tx, { now, newId }, chat))
  outbox.nudge()
  return queued
}

/** The same within a transaction, for a text without placeholders. */
export async function queueChat(
  tx: WriteStore,
  { now, newId }: { readonly now: number; readonly newId: () => string },
  chat: ChatToSend,
): Promise<Queued> {
  const person = await personOf(tx, chat.personId)
  const to = await chooseHandle(tx, 'chat', person, chat.handleId)
  const visitor = await tx.db
    .selectFrom('chat_visitor')
    .innerJoin('account', 'account.id', 'chat_visitor.account_id')
    .select(['account_id', 'removed_at'])
    .where('visitor', '=', to)
    .executeTakeFirst()
  if (!visitor || visitor.removed_at !== null) throw badInput(chatGone)
  // Nobody in particular writes what is sent by itself.
  const member = chat.automatic ? null : await currentMember(tx)
  const message = {
    personId: person.id,
    accountId: visitor.account_id,
    templateId: chat.templateId,
    subject: '',
    text: chat.body,
    at: now,
    automatic: chat.automatic,
  }
  const interactionId = await insertOutgoing(tx, 'chat', message)
  await tx.db
    .insertInto('text_message')
    .values({ interaction_id: interactionId, from_number: '', to_number: to })
    .execute()
  const name = member?.name.trim().split(/\s+/)[0] || null
  const id = newId().replaceAll('-', '')
  return queueJob(tx, interactionId, message, { kind: 'chat', id, to, body: chat.body, name })
}

const chatGone =
  'The chat they wrote in is not connected any more, so they cannot be answered there. Answer by e-mail or text.'
