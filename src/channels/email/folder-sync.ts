import type { ImapFlow } from 'imapflow'
import type { ChannelContext } from '../channel.ts'
import type { CaptureRule } from './capture-rule.ts'
import type { FolderRole } from './folder-cursor.ts'
import type { BulkLoad } from './load-bulk.ts'
import type { MailReader } from './mail-reader.ts'

/** What the synchronisation of one folder works with. */
export type FolderSync = {
  readonly context: ChannelContext
  readonly client: ImapFlow
  readonly role: FolderRole
  /** Addresses of the mailbox, lower case. */
  readonly own: readonly string[]
  readonly rule: CaptureRule
  /** The rule leaves nothing out. */
  readonly takesAll: boolean
  readonly read: MailReader['read']
  /** For very many mails. */
  readonly bulk: BulkLoad
  /** Mails that this process sent itself: the outbox knows them better than the Sent folder does. */
  readonly isOwnSend: (messageId: string) => boolean
  /** True ends the work after the delivery under way. */
  readonly stopping: () => boolean
  /** True once after the server announced new mail. */
  readonly announced: () => boolean
  /** Whether old mail may be read now: false while the user paused it. */
  readonly mayReadHistory: () => boolean
  /** All new mail is in; what follows is history. */
  readonly caughtUp: () => void
  /**
   * Waits while the engine has better things to do than to read mail of long ago. Ends early for new mail and when stopping.
   * @param took ms that the last piece of work took
   */
  readonly rest: (took: number) => Promise<void>
  readonly trouble: FolderTrouble
}

/**
 * Where reading a folder broke off, kept across connections: a mail that breaks the connection each time must not block
 * all others for ever.
 */
export type FolderTrouble = {
  /** First UID of the chunk in work; 0 while there is none. Still set when the next connection begins: it broke there. */
  working: number
  /** Where it broke the last time, and how often in a row. */
  uid: number
  failures: number
}

export const noTrouble = (): FolderTrouble => ({ working: 0, uid: 0, failures: 0 })
