import type { Inbound } from '../channel.ts'
import type { MailIdentity } from './mail-identity.ts'
import { parseMail } from './parse-message.ts'
import { type LeftOut, type MailPlace, toInbound } from './to-inbound.ts'

/** One whole mail that is to be read. */
export type MailTask = {
  readonly raw: Uint8Array
  /** The server's INTERNALDATE, ms UTC. */
  readonly arrivedAt: number
  readonly identity: MailIdentity
  readonly place: MailPlace
}

/** What was read of it; whoever asked has the bytes. */
export type ReadMail = Omit<Inbound, 'raw'> | LeftOut

/** Parses mails and says of each what it is to capture. Nothing here needs the network, the store or a clock. */
export async function readMails(tasks: readonly MailTask[]): Promise<ReadMail[]> {
  const read: ReadMail[] = []
  for (const { raw, arrivedAt, identity, place } of tasks) {
    const item = toInbound(await parseMail(raw, arrivedAt), identity, nothing, place)
    if ('leftOut' in item) read.push(item)
    else {
      const { raw: _, ...rest } = item
      read.push(rest)
    }
  }
  return read
}

const nothing = new Uint8Array()
