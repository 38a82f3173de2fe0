import { z } from 'zod'
import { channel, clockKind, tier } from '../inbox/contract.ts'
import { id, mutation, query, text, time } from '../rpc/method.ts'

/**
 * Whose verdict counts: `decided` as it was when the clock ended, `today` by the calendars as they are now (a holiday
 * that was entered late was a holiday all the same).
 */
export const basis = z.enum(['decided', 'today'])

/** The denominator of a share in time is `met + missed`; a miss that was excused is in neither. */
export const tally = z.object({
  met: z.number().int(),
  missed: z.number().int(),
  excused: z.number().int(),
})

/** Of the times from start to stop, ms. Null where nothing was stopped. */
export const spread = z.object({
  n: z.number().int(),
  median: z.number().nullable(),
  p90: z.number().nullable(),
  p95: z.number().nullable(),
})

/** By the clock on the wall, and in the hours of the calendar that the clock ran by. */
const spans = z.object({ wall: spread, business: spread })

const report = { tally, took: spans }

/** Which clocks a number counts. What is not given is not asked for; `ownerId` null: nobody's. */
const slice = {
  kind: clockKind,
  basis,
  tier: tier.optional(),
  channel: channel.optional(),
  ownerId: id.nullable().optional(),
}

export const verdict = z.enum(['met', 'missed', 'excused'])

/** One clock behind a number. */
export const judged = z.object({
  clockId: id,
  leadId: id,
  personId: id,
  name: z.string(),
  tier,
  /** Null: nothing of theirs was known when it started, as for a lead made by hand. */
  channel: channel.nullable(),
  owner: z.string().nullable(),
  startedAt: time,
  dueAt: time,
  /** Null while they still wait, or were never answered. */
  stoppedAt: time.nullable(),
  verdict,
  /** Why it is not counted. */
  excused: z.string().nullable(),
})

const judgedKey = z.object({ at: time, clockId: id })

export const analyzeContract = {
  /**
   * How many clocks of a kind were met in the last so many weeks (Monday to Sunday in the zone of the business, this one
   * included). A clock counts in the week in which its verdict fell: when it was met, or when its deadline passed. Left
   * out: what is not due yet or stands still, what we wanted of them, what is no lead, leads that went on in others, and
   * whoever had opted out by then and left no other way.
   */
  'analyze.compliance': query(
    z.object({
      weeks: z.number().int().min(1).max(53),
      /** How many weeks ago the last of them was; 0, this one, when left out. */
      ago: z.number().int().min(0).max(53).optional(),
      kind: clockKind,
      basis,
    }),
    z.object({
      from: time,
      /** End of the last of the weeks; this one is not over. */
      to: time,
      zone: z.string(),
      total: z.object(report),
      /** Oldest first. */
      weeks: z.array(z.object({ from: time, to: time, tally, tiers: z.array(z.object({ tier, tally })) })),
      tiers: z.array(z.object({ tier, ...report })),
      people: z.array(z.object({ ownerId: id.nullable(), name: z.string().nullable(), ...report })),
      channels: z.array(z.object({ channel: channel.nullable(), ...report })),
      /** The tier and channel with the worst share below the band, in words; null when there is none. */
      worst: z.object({ sentence: z.string(), tier, channel: channel.nullable() }).nullable(),
      /** First answers to the leads that came in these weeks, by a human and by an automatic message. */
      response: z.object({ human: spans, automatic: spans, leads: z.number().int() }),
      /** Who waits for an answer now, whenever they came. */
      waiting: z.object({ leads: z.number().int(), oldestAt: time.nullable() }),
    }),
  ),
  /** The clocks behind a number, newest verdict first. */
  'analyze.complianceLeads': query(
    z.object({
      ...slice,
      channel: channel.nullable().optional(),
      from: time,
      to: time,
      verdict: verdict.optional(),
      after: judgedKey.nullable(),
      limit: z.number().int().min(1).max(200),
    }),
    z.object({ rows: z.array(judged), next: judgedKey.nullable() }),
  ),
  /** A miss is not counted, and why; `reason` null counts it again. */
  'analyze.excuse': mutation(z.object({ clockId: id, reason: text(200).min(1).nullable() }), z.object({})),
}

export type Basis = z.infer<typeof basis>
export type Tally = z.infer<typeof tally>
export type Spread = z.infer<typeof spread>
export type Spans = z.infer<typeof spans>
export type Verdict = z.infer<typeof verdict>
export type Judged = z.infer<typeof judged>
