import { z } from 'zod'
import { id, mutation, query, text, time } from '../rpc/method.ts'

export const template = z.object({
  id,
  name: z.string(),
  channel: z.enum(['email', 'sms']),
  subject: z.string(),
  body: z.string(),
})

/** As many as can be looked through before they leave. */
export const mostAtOnce = 50

const toMany = z.object({ templateId: id, leadIds: z.array(id).min(1).max(mostAtOnce) })
const blocked = z.object({ personId: id, name: z.string(), why: z.string() })

export const nurtureContract = {
  /** `preview`: its words as this person would get them; without one, as somebody made up would. */
  'templates.list': query(
    z.object({ personId: id.optional() }),
    z.object({ templates: z.array(template.extend({ preview: z.string() })) }),
  ),
  /** Refuses a template that does not parse, with the place of the mistake. */
  'templates.save': mutation(
    z.object({
      id: id.nullable(),
      name: text(100).min(1),
      channel: z.enum(['email', 'sms']),
      subject: text(500),
      body: text(50_000).min(1),
    }),
    z.object({ id }),
  ),
  'templates.remove': mutation(z.object({ id }), z.object({})),
  /** Fills a template for a person. What stays empty without a fallback is in `missing`, and the send must not happen. */
  'templates.render': query(
    z.object({ templateId: id, personId: id }),
    z.object({ subject: z.string(), body: z.string(), missing: z.array(z.string()) }),
  ),
  /** What `templates.sendToMany` would send, and to whom it would not and why. Nothing is sent. */
  'templates.tryOnMany': query(
    toMany,
    z.object({
      ready: z.array(z.object({ personId: id, name: z.string(), subject: z.string(), body: z.string() })),
      blocked: z.array(blocked),
    }),
  ),
  /** Puts a template into the outbox for the people of these leads; they leave one after the other. */
  'templates.sendToMany': mutation(
    toMany,
    z.object({
      sent: z.array(z.object({ personId: id, jobId: id, leavesAt: time })),
      blocked: z.array(blocked),
    }),
  ),
}

export type Template = z.infer<typeof template>
