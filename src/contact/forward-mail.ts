import { normalizeEmail } from '../lib/handles.ts'
import { badInput, conflict } from '../rpc/errors.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import { refuseUnreachable } from './choose-handle.ts'
import type { Queued } from './contract.ts'
import { insertOwn } from './insert-own.ts'
import type { StoredFile } from './outbound-payload.ts'
import { queueJob } from './queue-message.ts'
import { fileMail, type MailToSend, mailOf, storeFiles } from './send-mail.ts'
import { senderFor } from './sender.ts'
import { type ContactDeps, personOf } from './surroundings.ts'
import { newMessageId } from './thread-mail.ts'

export type MailToForward = Pick<MailToSend, 'personId' | 'subject' | 'body' | 'attachments'> & {
  readonly interactionId: number
  readonly to: string
  /** The mail that is passed on, in words: it stands below `body`. */
  readonly quoted: string
  /** Files of the mail to pass on. */
  readonly attachmentIds: readonly number[]
}

/**
 * Passes a mail of a person on to somebody else. It stays in that person's timeline as something of the house, and
 * answers nothing: they hear nothing of it, so no clock of theirs stops. It begins a thread of its own, since what comes
 * back comes from somebody else.
 * @throws DeskbellError `BAD_INPUT`, `NOT_FOUND`, `CONFLICT` for a file that was never fetched
 */
export async function forwardMail(deps: ContactDeps, mail: MailToForward): Promise<Queued> {
  const to = normalizeEmail(mail.to)
  if (to === null) throw badInput('That is no e-mail address. Write one like sam@example.com.')
  const added = await storeFiles(deps.store, mail.attachments)
  const queued = await deps.store.write((tx) => queueForward(tx, deps, { ...mail, to }, added))
  deps.outbox.nudge()
  return queued
}

async function queueForward(
  tx: WriteStore,
  { clock, newId }: ContactDeps,
  { personId, interactionId: originalId, to, subject, body, quoted, attachmentIds }: MailToForward,
  added: readonly StoredFile[],
): Promise<Queued> {
  const person = await personOf(tx, personId)
  const original = await mailOf(tx, originalId, person.id)
  await refuseUnreachable(tx, 'email', to, person.id)
  const files = [...(await filesOf(tx, originalId, attachmentIds)), ...added]
  if (body.trim() === '' && quoted.trim() === '' && files.length === 0) {
    throw badInput('The mail is empty. Write something first.')
  }
  const sender = await senderFor(tx, 'email', { accountId: original.accountId, number: null })
  const now = clock.now()
  const { interactionId } = await insertOwn(tx, {
    personId: person.id,
    accountId: sender.accountId,
    channel: 'email',
    direction: 'internal',
    at: now,
    now,
    subject,
    text: body.trim(),
    quoted: quoted.trim() || null,
    delivery: 'queued',
  })
  const messageId = newMessageId(newId(), sender.from)
  await fileMail(tx, interactionId, {
    messageId,
    threadId: interactionId,
    from: sender.from,
    to,
    references: [],
    files,
  })
  const message = { personId: person.id, accountId: sender.accountId, templateId: null, subject, text: body, at: now }
  return queueJob(tx, interactionId, message, {
    kind: 'email',
    messageId,
    at: now,
    to: { name: null, address: to },
    subject,
    body: [body.trim(), quoted.trim()].filter((it) => it !== '').join('\n\n'),
    inReplyTo: null,
    references: [],
    files,
  })
}

/** Files of a mail, by their bytes in the folder: nothing is copied. */
async function filesOf(
  store: ReadStore,
  interactionId: number,
  attachmentIds: readonly number[],
): Promise<readonly StoredFile[]> {
  if (attachmentIds.length === 0) return []
  const rows = await store.db
    .selectFrom('attachment')
    .select(['name', 'content_type', 'size', 'blob'])
    .where('interaction_id', '=', interactionId)
    .where('id', 'in', attachmentIds)
    .orderBy('id')
    .execute()
  return rows.map(({ name, content_type: contentType, size, blob }) => {
    if (blob === null)
      throw conflict(`${name} was too large to come in with its mail. Fetch it first, or leave it out.`)
    return { name, contentType, size, blob }
  })
}
