import { z } from 'zod'
import { id, mutation, query, text } from '../rpc/method.ts'

export const template = z.object({
  id,
  name: z.string(),
  channel: z.enum(['email', 'sms']),
  subject: z.string(),
  body: z.string(),
})

export const nurtureContract = {
  'templates.list': query(z.object({}), z.object({ templates: z.array(template) })),
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
}

export type Template = z.infer<typeof template>
