import { z } from 'zod'
import type { Log } from '../../lib/log.ts'
import { DeskbellError } from '../../rpc/errors.ts'
import type { PreparedMessage } from '../channel.ts'
import type { TwilioClient } from './client.ts'
import { TwilioError } from './failure.ts'
import { problemOf } from './problems.ts'

// WhatsApp approves at most 6,000 of one business.
const mostPages = 60

/** What the Content API tells of a prepared message. https://www.twilio.com/docs/content/content-api-resources */
const content = z.object({
  sid: z.string().regex(/^HX[0-9a-fA-F]{32}$/),
  friendly_name: z.string().nullish(),
  language: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  types: z.record(z.string(), z.record(z.string(), z.unknown())),
  // Beside each content in this list; below the name of the channel where one content is asked for.
  approval_requests: z
    .object({ status: z.string().nullish(), whatsapp: z.object({ status: z.string().nullish() }).nullish() })
    .nullish(),
})

const contentPage = z.object({
  contents: z.array(z.unknown()),
  meta: z.object({ next_page_url: z.string().nullish() }).nullish(),
})

/**
 * The messages that WhatsApp approved, by name.
 * @throws DeskbellError
 */
export async function listPrepared(client: TwilioClient, log: Log): Promise<PreparedMessage[]> {
  const approved: PreparedMessage[] = []
  try {
    let next: string | null = '/v1/ContentAndApprovals?PageSize=100'
    for (let pages = 0; next !== null && pages < mostPages; pages += 1) {
      const page = contentPage.safeParse(await client.content(next))
      if (!page.success) {
        throw new TwilioError({ kind: 'strange-answer', status: 200, detail: 'no contents in the answer' })
      }
      for (const raw of page.data.contents) {
        const it = content.safeParse(raw)
        if (!it.success)
          log.warn({ issues: it.error.issues.map((issue) => issue.path.join('.')) }, 'unreadable content')
        else if (isApproved(it.data)) approved.push(...asPrepared(it.data))
      }
      next = page.data.meta?.next_page_url || null
    }
  } catch (error) {
    if (!(error instanceof TwilioError)) throw error
    throw new DeskbellError(problemOf(error.failure).error)
  }
  return approved.sort((a, b) => a.name.localeCompare(b.name))
}

type Content = z.infer<typeof content>

const isApproved = ({ approval_requests: told }: Content) => (told?.whatsapp?.status ?? told?.status) === 'approved'

/** Those without words (a location, a picture alone) say nothing that could be shown here. */
function asPrepared({ sid, friendly_name, language, variables, types }: Content): PreparedMessage[] {
  const body = Object.values(types)
    .map((it) => it.body ?? it.title)
    .find((it): it is string => typeof it === 'string' && it !== '')
  if (body === undefined) return []
  const shown = [...body.matchAll(/\{\{(\w+)\}\}/g)].map((it) => it[1] ?? '')
  // Some stand in a button or a picture's address.
  const all = [...new Set([...shown, ...Object.keys(variables ?? {})])]
  const example = (key: string) => (typeof variables?.[key] === 'string' ? variables[key] : '')
  return [
    {
      contentSid: sid,
      name: friendly_name || sid,
      language: language ?? '',
      body,
      variables: all.map((key) => ({ key, example: example(key) })),
    },
  ]
}
