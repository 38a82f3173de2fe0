import { z } from 'zod'
import { channel, tier } from '../inbox/contract.ts'
import { id, mutation, query, text, time } from '../rpc/method.ts'
import { intent, urgency } from './text/contract.ts'

/** What they are and want, or what they do. Only what they do grows old. */
export const axis = z.enum(['fit', 'engagement'])

export const tiers = z
  .object({ hotFrom: z.number().int().min(1).max(100), warmFrom: z.number().int().min(0).max(99) })
  .refine((it) => it.warmFrom < it.hotFrom, 'Hot must start above warm.')

const days = z.number().int().min(1).max(3650)
const words = z.array(text(80).min(1)).min(1).max(200)
const values = z.array(text(200).min(1)).max(200)

/** `is` and `contains` hold when one of the values does; case and blanks around do not matter. */
const match = { how: z.enum(['present', 'missing', 'is', 'contains']).default('present'), values: values.default([]) }
const compares = (it: { readonly how: string; readonly values: readonly string[] }) =>
  it.how === 'present' || it.how === 'missing' || it.values.length > 0
const saysWhat = 'Say which words to compare with.'

/** What is known of somebody: by forms, by their mail, by services. */
export const factField = z.enum([
  'name',
  'email',
  'phone',
  'company',
  'message',
  'budget',
  'postcode',
  'timeline',
  'source',
  'title',
  'website',
  'address',
  'industry',
  'location',
])
export const trackingField = z.enum([
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
  'gclid',
  'fbclid',
  'msclkid',
  'landing_page',
  'referrer',
])
export const lineKind = z.enum(['mobile', 'landline', 'mobile_or_landline', 'voip', 'toll_free', 'other'])
const minuteOfDay = z
  .number()
  .int()
  .min(0)
  .max(24 * 60)

/** One thing that is true of a lead or not. Whether a mail was opened is not among them, and never will be. */
export const condition = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('channel'), channels: z.array(channel.exclude(['note'])).min(1) }),
  /** Whole words, with the endings that English puts on them. */
  z.object({ kind: z.literal('text'), anyOf: words }),
  z.object({ kind: z.literal('textAll'), allOf: words }),
  z.object({ kind: z.literal('field'), field: factField, ...match }).refine(compares, saysWhat),
  /** A question of the business's own form, by what is written beside it. */
  z.object({ kind: z.literal('formField'), label: text(200).min(1), ...match }).refine(compares, saysWhat),
  z.object({ kind: z.literal('source'), ...match }).refine(compares, saysWhat),
  z.object({ kind: z.literal('tracking'), key: trackingField, ...match }).refine(compares, saysWhat),
  /** Whole currency units. */
  z.object({ kind: z.literal('budget'), atLeast: z.number().int().min(0) }),
  z.object({ kind: z.literal('timelineDays'), atMost: z.number().int().min(0) }),
  z.object({ kind: z.literal('localPostcode') }),
  z.object({ kind: z.literal('postcode'), prefixes: z.array(text(20).min(1)).min(1).max(500) }),
  z.object({ kind: z.literal('region'), regions: z.array(text(100).min(1)).min(1).max(100) }),
  z.object({ kind: z.literal('country'), countries: z.array(z.string().regex(/^[A-Z]{2}$/)).min(1) }),
  /** `freeMail`: they have an address, and every one is with a provider for everybody. */
  z.object({ kind: z.literal('sender'), is: z.enum(['company', 'freeMail']) }),
  z.object({ kind: z.literal('employees'), atLeast: z.number().int().min(1) }),
  z.object({ kind: z.literal('line'), types: z.array(lineKind).min(1) }),
  z.object({ kind: z.literal('formComplete') }),
  /** How often they came, three texts in a row being one visit. */
  z.object({ kind: z.literal('touches'), atLeast: z.number().int().min(2), withinDays: days.nullable().default(null) }),
  /** They answered something that one of us wrote. */
  z.object({ kind: z.literal('replied') }),
  z.object({ kind: z.literal('missedCall'), atLeast: z.number().int().min(1).max(50).default(1) }),
  /** They came at this time of day, in the zone of the business; `to` before `from` is over midnight. ISO weekdays. */
  z.object({
    kind: z.literal('hours'),
    from: minuteOfDay,
    to: minuteOfDay,
    weekdays: z.array(z.number().int().min(1).max(7)).default([]),
  }),
  z.object({ kind: z.literal('intent'), intents: z.array(intent).min(1) }),
  z.object({ kind: z.literal('urgency'), levels: z.array(urgency).min(1) }),
  /** Everything they sent was written by machines. */
  z.object({ kind: z.literal('robot') }),
])

const list = z.array(condition).max(20).default([])
/** Every one of `all`, one of `any` (when there are some), none of `not`. */
export const conditions = z
  .object({ all: list, any: list, not: list })
  .refine((it) => it.all.length + it.any.length + it.not.length > 0, 'A rule needs at least one condition.')

const named = { id: text(60).regex(/^[^#\s]+$/), label: text(120).min(1) }

const scoreGroup = z
  .object({
    ...named,
    axis,
    /** The most points its rules count together, and the least. */
    cap: z.number().int().min(0).max(100),
    floor: z.number().int().min(-100).max(0).default(0),
  })
  .strict()

const scoreRule = z
  .object({
    ...named,
    /** None: outside of all caps, for what overrides everything. */
    group: text(60).nullable().default(null),
    points: z.number().int().min(-100).max(100),
    when: conditions,
    /** How often it counts, when what it asks for happens again. */
    times: z.number().int().min(1).max(20).default(1),
    /** Half of the points are gone after so many days; never in a group of `fit`. */
    halfLifeDays: days.nullable().default(null),
    /** Only what happened in the last so many days counts. */
    withinDays: days.nullable().default(null),
    /** With this rule the score is never above this, whatever else counts. */
    ceiling: z.number().int().min(0).max(100).nullable().default(null),
  })
  .strict()

const bucketRule = z.object({ ...named, tier, when: conditions }).strict()
const questionRule = z.object({ ...named, when: conditions }).strict()

/** Points from which a lead is an A or a B, a 1 or a 2. */
const gradeCuts = z
  .object({
    a: z.number().int().min(1).max(100),
    b: z.number().int().min(1).max(100),
    one: z.number().int().min(1).max(100),
    two: z.number().int().min(1).max(100),
  })
  .refine((it) => it.b < it.a && it.two < it.one, 'A must start above B, and 1 above 2.')

/** How leads are judged. */
export const scoring = z
  .object({
    /**
     * `points`: weighted, 0 to 100. `buckets`: the first rule that fits says hot, warm or nurture. `qualify`: a few
     * questions; all yes is qualified, one no is disqualified, the rest is open.
     */
    mode: z.enum(['points', 'buckets', 'qualify']),
    /** Whether the number is shown: `auto` from 50 leads a week on. */
    number: z.enum(['auto', 'show', 'hide']).default('auto'),
    grades: gradeCuts.default({ a: 50, b: 25, one: 40, two: 20 }),
    groups: z.array(scoreGroup).max(20).default([]),
    rules: z.array(scoreRule).max(200).default([]),
    buckets: z.array(bucketRule).max(50).default([]),
    questions: z.array(questionRule).max(5).default([]),
  })
  .strict()

/** `open`: not every question has an answer yet. Null outside of the mode that asks them. */
export const qualification = z.enum(['qualified', 'disqualified', 'open'])

export const ledgerEntry = z.object({
  rule: z.string(),
  /** As they count, rounded. All entries of a lead add up to its score. */
  points: z.number().int(),
  reason: z.string(),
  /** `limit`: a cap, a floor, a ceiling or the ends of the scale took or gave these. */
  kind: z.enum(['rule', 'limit']),
  /** Before they grew old. */
  raw: z.number().int(),
  axis: axis.nullable(),
  /** When what it counts happened last, for what grows old. */
  at: time.nullable(),
})

const judged = z.object({
  score: z.number().int().min(0).max(100),
  tier,
  grade: z.string().nullable(),
  qualification: qualification.nullable(),
})

const trial = z.object({
  /** How many leads it was tried on; how many would get another score, tier, grade or answer. */
  tried: z.number().int(),
  changed: z.number().int(),
  /** Those that would, the widest moves first. */
  moves: z.array(
    z.object({
      leadId: id,
      personId: id,
      name: z.string(),
      company: z.string().nullable(),
      before: judged,
      after: judged,
      /** Reasons that come and go; one whose points change is in both. */
      added: z.array(ledgerEntry),
      removed: z.array(ledgerEntry),
    }),
  ),
  /** Of each rule in force: on how many of the last leads it holds. */
  fired: z.array(z.object({ rule: z.string(), leads: z.number().int() })),
  /** How many leads `fired` looked at. */
  looked: z.number().int(),
  /** What cannot be meant: rules that nothing or everything fits, groups that never reach their cap. In words. */
  warnings: z.array(z.object({ rule: z.string().nullable(), text: z.string() })),
})

export const scoreContract = {
  /** What these rules would do to the last 50 leads. Changes nothing. */
  'score.tryRules': query(z.object({ scoring, tiers }), trial),
  /** Rules in force that no lead of the last 90 days fitted. Empty while there are too few leads to tell. */
  'score.deadRules': query(
    z.object({}),
    z.object({ leads: z.number().int(), rules: z.array(z.object({ rule: z.string(), label: z.string() })) }),
  ),
  /** Rules to start with, by trade. */
  'score.packs': query(
    z.object({}),
    z.object({ packs: z.array(z.object({ id: z.string(), name: z.string(), about: z.string(), scoring })) }),
  ),
  /** Gives every open lead the new score, tier and deadlines. */
  'score.save': mutation(
    z.object({ scoring, tiers: tiers.optional() }),
    z.object({ rescored: z.number().int(), changed: z.number().int() }),
  ),
}

export type Tiers = z.infer<typeof tiers>
export type Condition = z.infer<typeof condition>
export type Conditions = z.infer<typeof conditions>
export type ScoreGroup = z.infer<typeof scoreGroup>
export type ScoreRule = z.infer<typeof scoreRule>
export type BucketRule = z.infer<typeof bucketRule>
export type QuestionRule = z.infer<typeof questionRule>
export type Scoring = z.infer<typeof scoring>
export type Qualification = z.infer<typeof qualification>
export type LedgerEntry = z.infer<typeof ledgerEntry>
export type Trial = z.infer<typeof trial>
