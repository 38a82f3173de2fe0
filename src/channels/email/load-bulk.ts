import type { ImapFlow } from 'imapflow'
import type { Log } from '../../lib/log.ts'
import type { BulkAccess, BulkOrder } from './bulk-connection.ts'
import { within } from './connect-imap.ts'
import type { LoadedMail } from './load-mails.ts'
import type { BulkLoader, MailReader } from './mail-reader.ts'

/** Loads very many mails over a second connection, in the thread that reads them. */
export type BulkLoad = {
  /** Opens the second connection before it is known what for: a server takes its time to open a large folder. */
  readonly prepare: () => void
  /**
   * @returns null when that cannot be done, or not yet: then the first connection loads them
   * @throws when the first connection is of no use either
   */
  readonly load: (order: BulkOrder) => Promise<readonly LoadedMail[] | null>
  /** There are no more for now: the second connection ends. */
  readonly rest: () => void
}

/** So many mails are worth a connection of their own. */
export const bulkFrom = 400

type Parts = {
  /** The first connection. Without it there is no second. */
  readonly client: ImapFlow
  readonly reader: Pick<MailReader, 'bulk'>
  readonly access: BulkAccess
  readonly log: Log
}

/** Nothing depends on the second connection: a server that allows only one is read over that one. */
export function makeBulkLoad({ client, reader, access, log }: Parts): BulkLoad {
  let loader: BulkLoader | null = null
  let over = false
  const rest = () => {
    loader?.close()
    loader = null
  }
  const end = () => {
    over = true
    rest()
  }
  client.once('close', end)
  const prepare = () => {
    if (!over) loader ??= reader.bulk(access)
  }
  return {
    prepare,
    load: async (order) => {
      prepare()
      if (!loader?.isSettled()) return null
      // Meanwhile the first one hears of new mail. Unless it waits for that, it would be thought dead for its silence.
      client.idle().catch(() => {})
      try {
        return await loader.load(order)
      } catch (error) {
        if (!over) log.warn({ detail: String(error) }, 'mail is loaded without a second connection')
        end()
        // What broke the one often broke the other, which would notice it much later.
        await within(access.timing.reply, client.noop())
        return null
      }
    },
    rest,
  }
}
