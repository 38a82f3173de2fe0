import type { Insight } from '../../src/score/text/contract.ts'

/** In the order of the menu: who brings work first. */
export const intentNames: Readonly<Record<Insight['intent'], string>> = {
  quote_request: 'Quote request',
  booking: 'Booking',
  question: 'Question',
  existing_customer: 'Existing customer',
  complaint: 'Complaint',
  vendor_pitch: 'Vendor pitch',
  job_application: 'Job application',
  newsletter: 'Newsletter',
  spam: 'Spam',
  wrong_number: 'Wrong number',
}

/** Null for what may wait. */
export const urgencyNames: Readonly<Record<Insight['urgency'], string | null>> = {
  now: 'urgent',
  soon: 'soon',
  none: null,
}

// Below this the model is wrong more than one time in four (`npm run intents`).
const unsure = 60

/** How far to trust it, and why it is urgent. */
export function sureness({ corrected, confidence, urgencyReason }: Insight): string {
  const why = urgencyReason === '' ? '' : ` They wrote: “${urgencyReason}”.`
  if (corrected) return `You said so.${why}`
  return `${confidence < unsure ? 'A guess' : 'Read from the words'}, ${confidence}% sure.${why}`
}
