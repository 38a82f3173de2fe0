import { refreshLeadRow } from '../../store/queries/lead-row.ts'
import type { WriteStore } from '../../store/store.ts'
import { askedById } from './asked.ts'
import { tellWhyNot } from './tell-why-not.ts'
import { refusalOfAutomatic } from './why-not.ts'

type AutomaticJob = {
  readonly id: number
  readonly answers_id: number | null
  readonly interaction_id: number
  readonly person_id: number
}

/**
 * The last look at a message that is sent by itself, in the transaction that claims it: when a human was faster, or it
 * may not be sent after all, it is taken back instead, and the timeline says why. Nothing of it is anybody's failure.
 * @param refusal what forbids the message to anybody; null when nothing does
 * @returns whether it was taken back
 */
export async function stopNeedless(
  tx: WriteStore,
  job: AutomaticJob,
  refusal: string | null,
  now: number,
): Promise<boolean> {
  if (job.answers_id === null) return false
  const asked = await askedById(tx, job.answers_id)
  const reason = asked ? await refusalOfAutomatic(tx, asked, now) : null
  const words = reason?.words ?? refusal
  if (reason === null && refusal === null) return false
  await tx.db.updateTable('job').set({ state: 'cancelled', updated_at: now }).where('id', '=', job.id).execute()
  await tx.db
    .updateTable('interaction')
    .set({ delivery: 'cancelled', problem: words })
    .where('id', '=', job.interaction_id)
    .execute()
  if (asked && words !== null) await tellWhyNot(tx, asked, words, now)
  tx.changed('job', job.person_id)
  tx.changed('interaction', job.person_id)
  if (asked?.lead_id) await refreshLeadRow(tx, asked.lead_id)
  return true
}
