import { second } from '../lib/durations.ts'
import type { WriteStore } from '../store/store.ts'
import { queueMail } from './send-mail.ts'
import { queueText } from './send-text.ts'
import type { ContactDeps } from './surroundings.ts'

/** One of many messages of a template, filled for its person. */
export type Templated = {
  readonly personId: number
  readonly channel: 'email' | 'sms'
  readonly subject: string
  readonly body: string
  readonly templateId: number
  /** Which of the many it is, from 0. */
  readonly place: number
}

/** @returns the job and when it leaves @throws DeskbellError `BAD_INPUT` when they cannot or must not be reached so */
export type QueueTemplated = (
  tx: WriteStore,
  message: Templated,
  link: Awaited<ReturnType<ContactDeps['links']>>,
) => Promise<{ readonly jobId: number; readonly leavesAt: number }>

// Providers take many at once for a flood, and a mistake is noticed before most have left.
const apart = 2 * second

/** Puts such messages into the outbox, one leaving after the other. */
export const makeQueueTemplated =
  ({ clock, newId, askLine }: Pick<ContactDeps, 'clock' | 'newId' | 'askLine'>): QueueTemplated =>
  async (tx, { personId, channel, subject, body, templateId, place }, link) => {
    const now = clock.now()
    const { jobId, undoUntil } =
      channel === 'email'
        ? await queueMail(
            tx,
            { now, newId },
            { personId, replyTo: null, subject, body, templateId, bulk: true },
            { files: [], link },
          )
        : await queueText(tx, { now, askLine }, { personId, body, templateId })
    const leavesAt = undoUntil + place * apart
    await tx.db.updateTable('job').set({ not_before: leavesAt }).where('id', '=', jobId).execute()
    return { jobId, leavesAt }
  }
