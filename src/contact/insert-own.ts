import type { ChannelKind, Direction } from '../inbox/contract.ts'
import { insertRow } from '../store/queries/insert-row.ts'
import type { WriteStore } from '../store/store.ts'
import { currentMember, leadOf } from './surroundings.ts'

export type OwnInteraction = {
  readonly personId: number
  /** The account it leaves through; null for what leaves through none. */
  readonly accountId: number | null
  readonly channel: ChannelKind
  readonly direction: Direction
  /** When it was; `now` for what just happens. */
  readonly at: number
  readonly now: number
  readonly subject: string
  readonly text: string
  /** What stands folded below the text. */
  readonly quoted?: string | null
  readonly delivery: 'queued' | 'received' | 'sent'
  /** Written by itself: nobody's work, and no answer of a human. */
  readonly automatic?: boolean
}

/** Files what the member in front of the window does with a person, under the lead it belongs to. */
export async function insertOwn(tx: WriteStore, own: OwnInteraction) {
  const { automatic = false } = own
  const member = automatic ? null : await currentMember(tx)
  const lead = await leadOf(tx, own.personId)
  const interactionId = await insertRow(tx, 'interaction', {
    person_id: own.personId,
    lead_id: lead?.id ?? null,
    account_id: own.accountId,
    channel: own.channel,
    direction: own.direction,
    at: own.at,
    author_id: member?.id ?? null,
    automatic: automatic ? 1 : 0,
    subject: own.subject,
    text: own.text,
    quoted: own.quoted ?? null,
    delivery: own.delivery,
    problem: null,
    created_at: own.now,
  })
  tx.changed('interaction', own.personId)
  return { interactionId, member, lead }
}
