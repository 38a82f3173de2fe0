import type { Channels } from '../channels/registry.ts'
import { conflict, notFound } from '../rpc/errors.ts'
import type { ReadStore, Store } from '../store/store.ts'

type Parts = { readonly store: Store; readonly channels: Pick<Channels, 'of'> }

/**
 * Fetches files that were too large to come in with their mail, text or call, each once however often it is asked for.
 * @returns asks for a file by the id of its attachment and stores it; throws DeskbellError in the user's words
 */
export function makeFetchFile({ store, channels }: Parts): (attachmentId: number) => Promise<void> {
  const underWay = new Map<number, Promise<void>>()

  const fetchFile = async (attachmentId: number): Promise<void> => {
    const file = await fileById(store.read, attachmentId)
    if (!file) throw notFound('This file')
    if (file.blob !== null) return
    const place = await placeOf(store.read, attachmentId, file.interaction_id)
    const items = await itemsOf(store.read, file.interaction_id)
    // One message may have come to two of our mailboxes; any of them will do.
    const sources = items.flatMap((item) => {
      const fetch = channels.of(item.account_id)?.fetchFile
      return fetch ? [{ ...item, fetch }] : []
    })
    if (sources.length === 0)
      throw items.some((item) => channels.of(item.account_id)) ? notHandedOut : notConnected(file.message_id !== null)
    let problem: unknown
    for (const { fetch, external_id: externalId } of sources) {
      try {
        const bytes = await fetch({ externalId, messageId: file.message_id, place })
        return await keep(attachmentId, file.person_id, bytes)
      } catch (error) {
        problem ??= error
      }
    }
    throw problem
  }

  const keep = async (attachmentId: number, personId: number, bytes: Uint8Array): Promise<void> => {
    const blob = await store.blobs.put(bytes)
    await store.write(async (tx) => {
      const size = bytes.byteLength
      await tx.db.updateTable('attachment').set({ blob, size }).where('id', '=', attachmentId).execute()
      tx.changed('interaction', personId)
    })
  }

  return (attachmentId) => {
    const running = underWay.get(attachmentId)
    if (running) return running
    const work = fetchFile(attachmentId).finally(() => underWay.delete(attachmentId))
    underWay.set(attachmentId, work)
    return work
  }
}

const notConnected = (mail: boolean) =>
  conflict(
    mail
      ? 'The mailbox this came to is not connected any more, so the file cannot be fetched. Open the mail in your mail program.'
      : 'The phone account this came to is not connected any more, so the file cannot be fetched. Connect it again in Settings → Channels, or look in the Twilio console.',
  )

const notHandedOut = conflict('This file was too large to be taken in, and it cannot be fetched any more.')

const fileById = (store: ReadStore, attachmentId: number) =>
  store.db
    .selectFrom('attachment')
    .innerJoin('interaction', 'interaction.id', 'attachment.interaction_id')
    .leftJoin('mail', 'mail.interaction_id', 'interaction.id')
    .select(['attachment.blob', 'attachment.interaction_id', 'interaction.person_id', 'mail.message_id'])
    .where('attachment.id', '=', attachmentId)
    .executeTakeFirst()

const itemsOf = (store: ReadStore, interactionId: number) =>
  store.db
    .selectFrom('inbound_item')
    .select(['account_id', 'external_id'])
    .where('interaction_id', '=', interactionId)
    .orderBy('id')
    .execute()

/** Files are stored in the order in which their message lists them. */
async function placeOf(store: ReadStore, attachmentId: number, interactionId: number): Promise<number> {
  const before = await store.db
    .selectFrom('attachment')
    .select((it) => it.fn.countAll<number>().as('count'))
    .where('interaction_id', '=', interactionId)
    .where('id', '<', attachmentId)
    .executeTakeFirstOrThrow()
  return before.count
}
