import { z } from 'zod'
import { undoable } from '../inbox/contract.ts'
import { id, mutation, query, text, time } from '../rpc/method.ts'
import { conditions } from '../score/contract.ts'

/** How a lead ends. Disqualified: it never was one we could serve. */
const leadOutcome = z.enum(['won', 'lost', 'disqualified'])

/** How far a lead is: nobody answered yet, somebody did, it fits, or how it ended. */
export const leadStage = z.enum(['new', 'contacted', 'qualified', ...leadOutcome.options])

/** Money as minor units (cents) of an ISO 4217 currency. */
const money = z.object({
  minor: z.number().int().min(0).max(1_000_000_000_000),
  currency: z.string().regex(/^[A-Z]{3}$/),
})

const note = text(2000).default('')
const reason = text(100).min(1)

/** What somebody says of a lead. */
export const verdict = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('qualified') }),
  z.object({ outcome: z.literal('won'), value: money.nullable(), at: time.nullable().default(null), note }),
  z.object({
    outcome: z.literal('lost'),
    reason,
    note,
    competitor: text(200).default(''),
    /** When to ask them again. */
    revisitAt: time.nullable().default(null),
  }),
  z.object({ outcome: z.literal('disqualified'), reason, note }),
])

/** Leads that fit are marked by themselves, once. */
const outcomeRule = z
  .object({
    id: text(60).min(1),
    label: text(120).min(1),
    when: conditions,
    outcome: z.enum(['qualified', 'disqualified']),
  })
  .strict()

const reasons = z.array(reason).min(1).max(50)

export const outcomeChoices = z
  .object({
    /** ISO 4217, of what is won. */
    currency: z.string().regex(/^[A-Z]{3}$/),
    lostReasons: reasons,
    disqualifiedReasons: reasons,
    rules: z.array(outcomeRule).max(50),
  })
  .strict()

const leadEnd = z.object({
  outcome: leadOutcome.nullable(),
  at: time.nullable(),
  value: money.nullable(),
  reason: z.string().nullable(),
  note: z.string().nullable(),
  competitor: z.string().nullable(),
  revisitAt: time.nullable(),
  /** First called good by score or rule. */
  mqlAt: time.nullable(),
  qualifiedAt: time.nullable(),
  /** Somebody confirmed that it fits, after both sides had spoken. */
  sqlAt: time.nullable(),
})

export const convertContract = {
  /** Says how leads ended, or that they fit. Won, lost and disqualified close them. */
  'convert.judge': mutation(z.object({ leadIds: z.array(id).min(1).max(500), verdict }), undoable),
  'convert.lead': query(z.object({ leadId: id }), leadEnd),
  'convert.choices': query(z.object({}), outcomeChoices),
  'convert.saveChoices': mutation(outcomeChoices, z.object({})),
}

export type LeadOutcome = z.infer<typeof leadOutcome>
export type LeadStage = z.infer<typeof leadStage>
export type OutcomeVerdict = z.infer<typeof verdict>
export type OutcomeRule = z.infer<typeof outcomeRule>
export type OutcomeChoices = z.infer<typeof outcomeChoices>
