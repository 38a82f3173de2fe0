import { z } from 'zod'
import { channel, tier } from '../inbox/contract.ts'
import { id, mutation, query, text, time } from '../rpc/method.ts'
import { routing } from '../settings/contract.ts'

/** What is wrong with rules. An `error` cannot be saved; a `warning` can, and is worth a look. */
export const routingProblem = z.object({
  /** Null when it is about all of them. */
  ruleId: z.string().nullable(),
  level: z.enum(['error', 'warning']),
  text: z.string(),
})

const step = z.object({
  ruleId: z.string(),
  name: z.string(),
  /** Whether the rule is for this lead; it may still have nobody who is there. */
  fits: z.boolean(),
  /** Why not, or what it came to. */
  words: z.string(),
})

export const routeContract = {
  /** Refused when some lead could find no rule. Leads that wait for an owner are looked at again. */
  'route.save': mutation(z.object({ routing }), z.object({})),
  /** Who would get a lead like this, and why. Moves no turns. */
  'route.test': query(
    z.object({
      tier,
      channel: channel.nullable(),
      source: text(200),
      phone: text(40),
      postcode: text(20),
      text: text(5000),
      at: time,
      /** Rules that are not saved yet; else those that are. */
      routing: routing.optional(),
    }),
    z.object({
      /** In their order, up to the one that decided. */
      steps: z.array(step),
      owner: z.object({ id, name: z.string() }).nullable(),
      sentence: z.string(),
    }),
  ),
  /**
   * What rules that are not saved yet would do: to the last 50 leads, each at its own time and with what people had in
   * hand by then; and what is wrong with them.
   */
  'route.preview': query(
    z.object({ routing }),
    z.object({
      problems: z.array(routingProblem),
      rules: z.array(
        z.object({
          ruleId: z.string(),
          /** How many of the leads it would have given out. */
          leads: z.number().int(),
          /** Who gets its next lead, as things stand now. */
          next: z.string().nullable(),
        }),
      ),
      /** Newest first. */
      leads: z.array(
        z.object({
          leadId: id,
          personId: id,
          name: z.string(),
          openedAt: time,
          /** Whose it is. */
          now: z.string().nullable(),
          /** Whose it would be. */
          would: z.string().nullable(),
          sentence: z.string(),
        }),
      ),
    }),
  ),
}

export type RoutingProblem = z.infer<typeof routingProblem>
