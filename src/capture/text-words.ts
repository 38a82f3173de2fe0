import type { Inbound } from '../channels/channel.ts'
import { recordEvent } from '../store/queries/events.ts'
import type { WriteStore } from '../store/store.ts'

/**
 * The words that US networks and Twilio take for a refusal of texts, and for taking it back, when they are all that a
 * text says (47 CFR 64.1200(a)(10), https://www.twilio.com/docs/messaging/guides/opt-out-keywords).
 */
const stopWords: ReadonlySet<string> = new Set([
  ...['stop', 'stopall', 'stop all', 'unsubscribe', 'cancel', 'end', 'quit', 'revoke', 'optout', 'opt out'],
])
const startWords: ReadonlySet<string> = new Set(['start', 'unstop', 'yes'])

/** What a text means beyond what it says. */
export function wordOf({ content, direction }: Inbound): 'stop' | 'start' | null {
  if (content.kind !== 'text' || content.service !== 'sms' || direction !== 'in' || content.body.length > 40)
    return null
  const said = content.body
    .toLowerCase()
    .replace(/[^\p{L}]+/gu, ' ')
    .trim()
  if (stopWords.has(said)) return 'stop'
  return startWords.has(said) ? 'start' : null
}

/**
 * Keeps what they said about texts to their number. STOP holds until they take it back themselves; START is about texts
 * only: a "do not call" stays.
 * @param number E.164
 */
export async function followWord(
  tx: WriteStore,
  word: 'stop' | 'start',
  about: { readonly personId: number; readonly leadId: number | null; readonly number: string; readonly at: number },
): Promise<void> {
  const { numUpdatedRows } = await tx.db
    .updateTable('handle')
    .set({ opted_out_at: word === 'stop' ? about.at : null })
    .where('kind', '=', 'phone')
    .where('value', '=', about.number)
    .where('opted_out_at', word === 'stop' ? 'is' : 'is not', null)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) return
  const { personId, leadId, at } = about
  const text = word === 'stop' ? 'Wants no more texts' : 'Wants texts again'
  await recordEvent(tx, { at, type: word === 'stop' ? 'person.opted_out' : 'person.opted_in', personId, leadId, text })
  tx.changed('person', personId)
}
