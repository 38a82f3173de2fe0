import { badInput, notFound } from '../rpc/errors.ts'
import { insertKeyedRow } from '../store/queries/insert-row.ts'
import { keptQuery } from '../store/queries/kept-query.ts'
import type { InteractionTable, MailTable } from '../store/schema.ts'
import type { ReadStore, Store, WriteStore } from '../store/store.ts'
import { chooseHandle } from './choose-handle.ts'
import type { Queued } from './contract.ts'
import type { StoredFile } from './outbound-payload.ts'
import { type Automatic, insertOutgoing, queueJob, refusePlaceholders } from './queue-message.ts'
import { senderFor } from './sender.ts'
import { type ContactDeps, personOf } from './surroundings.ts'
import { answerSubject, newMessageId, referencesOf } from './thread-mail.ts'

export type MailToSend = {
  readonly personId: number
  readonly handleId?: number | undefined
  readonly replyTo: number | null
  readonly subject: string
  readonly body: string
  readonly attachments: readonly {
    readonly name: string
    readonly contentType: string
    readonly bytes: Uint8Array
  }[]
  readonly templateId: number | null
  /** It goes to many, or by itself: mail programs shall offer to unsubscribe. So does a template with {{unsubscribe}}. */
  readonly bulk?: boolean
  readonly automatic?: Automatic
}

/** Writes a mail down and puts it into the outbox, threaded under the mail it answers. */
export async function sendMail(deps: ContactDeps, mail: MailToSend): Promise<Queued> {
  const { store, outbox } = deps
  refusePlaceholders(mail.subject, mail.body)
  if (mail.body === '' && mail.attachments.length === 0) throw badInput('The mail is empty. Write something first.')
  // Files first, and not inside the transaction: every other writer would wait for the disk.
  const files = await storeFiles(store, mail.attachments)
  const link = await deps.links()
  const queued = await store.write((tx) =>
    queueMail(tx, { now: deps.clock.now(), newId: deps.newId }, mail, { files, link }),
  )
  outbox.nudge()
  return queued
}

/** Puts files into the folder of the workspace, each durable when this resolves. */
export function storeFiles(
  { blobs }: Pick<Store, 'blobs'>,
  files: MailToSend['attachments'],
): Promise<readonly StoredFile[]> {
  return Promise.all(
    files.map(
      async ({ name, contentType, bytes }): Promise<StoredFile> => ({
        name: name || 'attachment',
        contentType: contentType || 'application/octet-stream',
        size: bytes.byteLength,
        blob: await blobs.put(bytes),
      }),
    ),
  )
}

type OwnMail = {
  readonly messageId: string
  readonly threadId: number
  readonly from: string
  readonly to: string
  readonly references: readonly string[]
  readonly files: readonly StoredFile[]
}

/** What makes an interaction of ours a mail, with its files. */
export async function fileMail(tx: WriteStore, interactionId: number, mail: OwnMail): Promise<void> {
  await insertKeyedRow(tx, 'mail', {
    interaction_id: interactionId,
    message_id: mail.messageId,
    thread_id: mail.threadId,
    from_address: mail.from,
    to_addresses: JSON.stringify([mail.to]),
    cited: JSON.stringify(mail.references),
    html: null,
    robot: null,
  })
  for (const { name, contentType, size, blob } of mail.files) {
    await tx.db
      .insertInto('attachment')
      .values({ interaction_id: interactionId, name, content_type: contentType, size, content_id: null, blob })
      .execute()
  }
}

/** The same within a transaction, for texts without placeholders and with their files kept already. */
export async function queueMail(
  tx: WriteStore,
  { now, newId }: { readonly now: number; readonly newId: () => string },
  mail: Omit<MailToSend, 'attachments'>,
  { files, link }: { readonly files: readonly StoredFile[]; readonly link: ((email: string) => string) | null },
): Promise<Queued> {
  const person = await personOf(tx, mail.personId)
  const answered = mail.replyTo === null ? null : await mailOf(tx, mail.replyTo, person.id)
  const to = await chooseHandle(
    tx,
    'email',
    person,
    mail.handleId,
    answered?.from ?? null,
    mail.automatic !== undefined,
  )
  const sender = await senderFor(tx, 'email', {
    accountId: answered?.accountId ?? (await lastMailbox(tx, person.id)),
    number: null,
  })
  const message = {
    personId: person.id,
    accountId: sender.accountId,
    templateId: mail.templateId,
    subject: answered ? answerSubject(mail.subject, answered.subject) : mail.subject,
    text: mail.body,
    at: now,
    automatic: mail.automatic,
  }
  const messageId = newMessageId(newId(), sender.from)
  const references = answered ? referencesOf(answered) : []

  const interactionId = await insertOutgoing(tx, 'email', message)
  const threadId = answered?.threadId ?? interactionId
  await fileMail(tx, interactionId, { messageId, threadId, from: sender.from, to, references, files })
  return queueJob(tx, interactionId, message, {
    kind: 'email',
    messageId,
    at: message.at,
    to: { name: person.name || null, address: to },
    subject: message.subject,
    body: mail.body,
    inReplyTo: answered?.messageId ?? null,
    references,
    files,
    ...(mail.automatic && { automatic: true }),
    ...((await isBulk(tx, mail)) ? { unsubscribe: { url: link?.(to) ?? null } } : {}),
  })
}

async function isBulk(
  store: ReadStore,
  { bulk, templateId }: Pick<MailToSend, 'bulk' | 'templateId'>,
): Promise<boolean> {
  if (bulk || templateId === null) return bulk ?? false
  const template = await store.db.selectFrom('template').select('body').where('id', '=', templateId).executeTakeFirst()
  return /\{\{-?\s*unsubscribe\b/.test(template?.body ?? '')
}

type AnsweredMail = {
  readonly accountId: number | null
  /** Where they wrote from, or where we wrote to. */
  readonly from: string | null
  readonly subject: string
  readonly messageId: string | null
  readonly threadId: number
  readonly cited: readonly string[]
}

/** @throws DeskbellError `NOT_FOUND` when that person has no such mail */
export async function mailOf(store: ReadStore, interactionId: number, personId: number): Promise<AnsweredMail> {
  const [row] = await mailRows(store, { interactionId, personId })
  if (!row) throw notFound('This mail')
  const to = JSON.parse(row.to_addresses) as readonly string[]
  return {
    accountId: row.account_id,
    from: row.direction === 'in' ? row.from_address : (to[0] ?? null),
    subject: row.subject,
    messageId: row.message_id,
    threadId: row.thread_id,
    cited: JSON.parse(row.cited) as readonly string[],
  }
}

type MailRow = Pick<InteractionTable, 'account_id' | 'direction' | 'subject'> &
  Pick<MailTable, 'message_id' | 'thread_id' | 'from_address' | 'to_addresses' | 'cited'>

const mailRows = keptQuery<{ interactionId: number; personId: number }, MailRow>((db, value) =>
  db
    .selectFrom('interaction')
    .innerJoin('mail', 'mail.interaction_id', 'interaction.id')
    .select(['account_id', 'direction', 'subject', 'message_id', 'thread_id', 'from_address', 'to_addresses', 'cited'])
    .where('interaction.id', '=', value('interactionId'))
    .where('interaction.person_id', '=', value('personId')),
)

/** The mailbox the conversation with a person is in. */
const lastMailbox = async (store: ReadStore, personId: number): Promise<number | null> =>
  (await mailboxRows(store, { personId }))[0]?.account_id ?? null

const mailboxRows = keptQuery<{ personId: number }, { readonly account_id: number | null }>((db, value) =>
  db
    .selectFrom('interaction')
    .select('account_id')
    .where('person_id', '=', value('personId'))
    .where('channel', '=', 'email')
    .where('account_id', 'is not', null)
    .orderBy('at', 'desc')
    .limit(1),
)
