import type { Inbound, MailContent } from '../channels/channel.ts'
import type { ReadStore } from '../store/store.ts'

/** A stored mail, as far as threading and recognising our own need it. */
export type KnownMail = {
  readonly interactionId: number
  readonly personId: number
  readonly leadId: number | null
  readonly accountId: number | null
  readonly direction: string
  readonly threadId: number
  readonly subject: string
  /** Everybody who wrote or got it. */
  readonly participants: readonly string[]
  /** The job that made it, when it is ours. */
  readonly jobId: number | null
}

// A mailing list cites hundreds; the nearest ones decide.
const mostCited = 30
const perQuery = 500

/** Whom a mail may answer, nearest first: In-Reply-To, then References from the right (features B1). */
export function parentIds({ inReplyTo, references }: MailContent): string[] {
  const ids = [...(inReplyTo ? [inReplyTo] : []), ...references.toReversed()]
  return [...new Set(ids)].slice(0, mostCited)
}

/** Every Message-ID that taking in an item will ask for. */
export function citedIds({ content }: Inbound): string[] {
  if (content.kind !== 'email') return []
  return [...(content.messageId ? [content.messageId] : []), ...parentIds(content)]
}

/** Stored mails by Message-ID; several, because different mails share one in the wild. */
export async function knownMails(store: ReadStore, messageIds: readonly string[]): Promise<Map<string, KnownMail[]>> {
  const known = new Map<string, KnownMail[]>()
  for (let from = 0; from < messageIds.length; from += perQuery) {
    const rows = await store.db
      .selectFrom('mail')
      .innerJoin('interaction', 'interaction.id', 'mail.interaction_id')
      .leftJoin('job', 'job.interaction_id', 'interaction.id')
      .select(['message_id', 'mail.interaction_id', 'thread_id', 'from_address', 'to_addresses'])
      .select(['interaction.person_id', 'interaction.lead_id', 'interaction.account_id', 'interaction.direction'])
      .select(['interaction.subject', 'job.id as job_id'])
      .where('message_id', 'in', messageIds.slice(from, from + perQuery))
      .execute()
    for (const row of rows) {
      addKnownMail(known, row.message_id ?? '', {
        interactionId: row.interaction_id,
        personId: row.person_id,
        leadId: row.lead_id,
        accountId: row.account_id,
        direction: row.direction,
        threadId: row.thread_id,
        subject: row.subject,
        participants: [row.from_address, ...(JSON.parse(row.to_addresses) as string[])],
        jobId: row.job_id,
      })
    }
  }
  return known
}

export function addKnownMail(known: Map<string, KnownMail[]>, messageId: string, mail: KnownMail): void {
  const others = known.get(messageId)
  if (others) others.push(mail)
  else known.set(messageId, [mail])
}
