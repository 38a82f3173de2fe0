import { z } from 'zod'
import { id, mutation, query } from '../../rpc/method.ts'

/** What somebody wants who wrote to us. */
export const intent = z.enum([
  'quote_request',
  'booking',
  'question',
  'existing_customer',
  'complaint',
  'vendor_pitch',
  'job_application',
  'newsletter',
  'spam',
  'wrong_number',
])

/** What is sent by people who want nothing that we do. */
export const notLeads: ReadonlySet<Intent> = new Set<Intent>([
  'vendor_pitch',
  'job_application',
  'newsletter',
  'spam',
  'wrong_number',
])

/** `now`: harm is being done while nobody answers. `soon`: within a few days. */
export const urgency = z.enum(['now', 'soon', 'none'])

/** What the text model, or a person who corrected it, says of a message. */
export const insight = z.object({
  intent,
  /** How sure it is, percent; 100 for a person's word. */
  confidence: z.number().int().min(0).max(100),
  corrected: z.boolean(),
  urgency,
  /** In their own words where there are some: "burst pipe"; empty for none. */
  urgencyReason: z.string(),
  /** "3 bedrooms", "1,200 sq ft"; null when they name none. */
  jobSize: z.string().nullable(),
})

export const textModelContract = {
  /** Whether messages are being understood on this computer. */
  'score.textModel': query(
    z.object({}),
    z.object({
      state: z.enum(['ready', 'missing', 'failing']),
      /** What it means and what to do, for the health page. */
      message: z.string(),
      /** Messages that wait to be read. */
      waiting: z.number().int(),
    }),
  ),
  /**
   * A person says what a message is; null takes their word back. Learned at once: the next similar message is told
   * accordingly. Answers what it was called by hand before, for the undo.
   */
  'score.correctIntent': mutation(
    z.object({ interactionId: id, intent: intent.nullable() }),
    z.object({ was: intent.nullable() }),
  ),
}

export type Intent = z.infer<typeof intent>
export type Urgency = z.infer<typeof urgency>
export type Insight = z.infer<typeof insight>
