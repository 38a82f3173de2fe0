import { z } from 'zod'
import brightwater from '../../resources/sample/brightwater.json' with { type: 'json' }
import { taskKind } from '../contact/tasks/contract.ts'
import { verdict } from '../convert/contract.ts'
import { day, hour, minute, second } from '../lib/durations.ts'
import { scoring, tiers } from '../score/contract.ts'
import { business } from '../settings/contract.ts'

const units = { d: day, h: hour, m: minute, s: second } as const

/** "1d2h30m" in ms. */
const span = z
  .string()
  .regex(/^(\d+[dhms])+$/)
  .transform((text) =>
    [...text.matchAll(/(\d+)([dhms])/g)].reduce(
      (sum, [, count, unit]) => sum + Number(count) * units[unit as keyof typeof units],
      0,
    ),
  )

const files = z.array(z.string()).default([])
const step = z.strictObject({
  /** How long before now it happened. */
  ago: span,
  /** We did it; they did when it is missing. */
  out: z.boolean().default(false),
  automatic: z.boolean().default(false),
  robot: z.string().nullable().default(null),
  files,
  form: z.record(z.string(), z.string()).optional(),
  tracking: z.record(z.string(), z.string()).default({}),
  mail: z
    .strictObject({ subject: z.string(), text: z.string(), quoted: z.string().nullable().default(null), files })
    .optional(),
  text: z.string().optional(),
  whatsapp: z.string().optional(),
  call: z
    .strictObject({
      result: z.enum(['answered', 'missed', 'voicemail', 'no_answer']),
      /** Seconds it rang. */
      ring: z.number().default(8),
      /** Seconds they talked, or the voicemail lasts. */
      seconds: z.number().default(0),
    })
    .optional(),
  outcome: z.number().optional(),
  note: z.string().optional(),
  done: z.literal(true).optional(),
  /** How it ended. */
  end: verdict.optional(),
  notALead: z.literal(true).optional(),
  /** Until when from now. */
  snooze: span.optional(),
  /** What somebody wrote down to do then, and when it is due from now. */
  task: z.strictObject({ kind: taskKind, words: z.string(), due: span }).optional(),
  /** Name of the new owner; null takes the owner off. */
  assign: z.string().nullable().optional(),
})

const samplePerson = z.strictObject({
  name: z.string(),
  company: z.string().optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
  events: z.array(step).min(1),
})

const sampleBusiness = z.object({
  business,
  email: z.string(),
  phone: z.string(),
  members: z.array(z.object({ name: z.string(), email: z.string(), mobile: z.string() })).min(1),
  tiers,
  scoring,
  people: z.array(samplePerson),
})

export type SampleStep = z.output<typeof step>
export type SamplePerson = z.output<typeof samplePerson>
export type SampleBusiness = z.output<typeof sampleBusiness>

/** Brightwater Kitchens and the people who wrote to it lately. All addresses and numbers are of ranges for examples. */
export const readSampleBusiness = (): SampleBusiness => sampleBusiness.parse(brightwater)
