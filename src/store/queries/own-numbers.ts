import { z } from 'zod'

/** What an own number of an account can, as its provider said last. */
const ownNumber = z.object({
  /** E.164 */
  number: z.string(),
  sms: z.boolean(),
  voice: z.boolean(),
  /** It was a number of the account once and is not any more. */
  gone: z.boolean(),
})

export type OwnNumber = z.infer<typeof ownNumber>

/** Where a phone channel keeps it, among its cursors. */
export const ownNumbersScope = 'own-numbers'

/** Reads what is kept there; empty while nothing is known yet. */
export function ownNumbers(stored: string | null): readonly OwnNumber[] {
  return stored === null ? [] : z.array(ownNumber).parse(JSON.parse(stored))
}
