import { z } from 'zod'
import { hour, minute } from '../lib/durations.ts'
import { id, mutation, query, text, time } from '../rpc/method.ts'

/** Minutes since midnight, in the business's zone. */
const minuteOfDay = z
  .number()
  .int()
  .min(0)
  .max(24 * 60)

/** Open intervals per ISO weekday, 1 = Monday; several a day for lunch breaks. */
export const openingHours = z
  .array(z.object({ weekday: z.number().int().min(1).max(7), from: minuteOfDay, to: minuteOfDay }))
  .refine((list) => list.every((it) => it.from < it.to), 'Closing time must be after opening time.')

export const business = z.object({
  name: text(200),
  /** IANA zone: the calendar's zone, whatever this computer is set to. */
  zone: text(60).min(1),
  /** ISO 3166 country, to read numbers written without a prefix. */
  country: z.string().regex(/^[A-Z]{2}$/),
  hours: openingHours,
  /** Around the clock: no business hours at all. */
  alwaysOpen: z.boolean(),
  /** Postcode prefixes that count as local in scoring. */
  localPostcodes: z.array(text(20)).max(200),
})

const target = z
  .number()
  .int()
  .min(minute)
  .max(30 * 24 * hour)

/** Both clocks of a tier in ms of business time; `null` is "nobody needs to: automated". */
export const slaPolicy = z.object({
  hot: z.object({ ownedMs: target.nullable(), firstContactMs: target.nullable(), nextReplyMs: target.nullable() }),
  warm: z.object({ ownedMs: target.nullable(), firstContactMs: target.nullable(), nextReplyMs: target.nullable() }),
  nurture: z.object({ ownedMs: target.nullable(), firstContactMs: target.nullable(), nextReplyMs: target.nullable() }),
})

export const tiers = z
  .object({ hotFrom: z.number().int().min(1).max(100), warmFrom: z.number().int().min(0).max(99) })
  .refine((it) => it.warmFrom < it.hotFrom, 'Hot must start above warm.')

export const scoreRule = z.object({
  id: text(60).min(1),
  label: text(120).min(1),
  points: z.number().int().min(-100).max(100),
  when: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('channel'),
      channels: z.array(z.enum(['email', 'sms', 'whatsapp', 'call', 'form'])).min(1),
    }),
    z.object({ kind: z.literal('text'), anyOf: z.array(text(80).min(1)).min(1).max(200) }),
    z.object({
      kind: z.literal('field'),
      field: z.enum(['phone', 'email', 'name', 'message', 'company', 'postcode', 'timeline', 'budget']),
    }),
    z.object({ kind: z.literal('budget'), atLeast: z.number().int().min(0) }),
    z.object({ kind: z.literal('localPostcode') }),
    z.object({ kind: z.literal('timelineDays'), atMost: z.number().int().min(0) }),
    z.object({ kind: z.literal('formComplete') }),
    z.object({ kind: z.literal('touches'), atLeast: z.number().int().min(2) }),
    z.object({ kind: z.literal('robot') }),
  ]),
})

export const member = z.object({
  id,
  name: text(100).min(1),
  email: text(320).nullable(),
  /** Their own phone, rung first when they dial from Deskbell. E.164. */
  mobile: text(40).nullable(),
  onDuty: z.boolean(),
})

export const undoSeconds = z.union([z.literal(5), z.literal(10), z.literal(20), z.literal(30)])

export const settings = z.object({
  /** False until the first-run choice was made. */
  setUp: z.boolean(),
  sample: z.boolean(),
  business,
  sla: slaPolicy,
  tiers,
  scoreRules: z.array(scoreRule).max(200),
  undoSeconds,
  notifications: z.boolean(),
  /** Who sits in front of this window. */
  me: id.nullable(),
})

export const settingsContract = {
  'settings.get': query(z.object({}), settings),
  'settings.saveBusiness': mutation(business, z.object({})),
  'settings.saveSla': mutation(z.object({ sla: slaPolicy, tiers }), z.object({})),
  'settings.saveScoreRules': mutation(
    z.object({ rules: z.array(scoreRule).max(200) }),
    z.object({ rescored: z.number().int() }),
  ),
  'settings.savePreferences': mutation(
    z.object({
      undoSeconds: undoSeconds.optional(),
      notifications: z.boolean().optional(),
      me: id.optional(),
      setUp: z.boolean().optional(),
    }),
    z.object({}),
  ),
  'team.list': query(z.object({}), z.object({ members: z.array(member) })),
  'team.save': mutation(member.extend({ id: id.nullable() }), z.object({ id })),
  'team.remove': mutation(z.object({ id }), z.object({})),
  /**
   * One file with everything in it, verified by opening it again before the answer comes. A query: it changes nothing
   * here, and nobody's reply has to wait until a large mailbox is copied.
   */
  'store.backup': query(
    z.object({ path: z.string().min(1) }),
    z.object({ bytes: z.number().int(), people: z.number().int(), interactions: z.number().int(), at: time }),
  ),
  /** Looks at a backup without touching what is there. */
  'store.inspectBackup': query(
    z.object({ path: z.string().min(1) }),
    z.object({ people: z.number().int(), interactions: z.number().int(), version: z.number().int(), at: time }),
  ),
  /** Replaces everything by a backup: verified copy, then one rename; the engine restarts on it. What was there is kept beside it. */
  'store.restore': mutation(z.object({ path: z.string().min(1) }), z.object({ keptAs: z.string() })),
}

export type Business = z.infer<typeof business>
export type OpeningHours = z.infer<typeof openingHours>
export type SlaPolicy = z.infer<typeof slaPolicy>
export type Tiers = z.infer<typeof tiers>
export type ScoreRule = z.infer<typeof scoreRule>
export type Member = z.infer<typeof member>
export type Settings = z.infer<typeof settings>
