import type { z } from 'zod'
import type { Log } from '../../lib/log.ts'
import type { TwilioClient } from './client.ts'
import { TwilioError } from './failure.ts'
import type { Resource } from './resources.ts'

export type ListRequest<T> = {
  readonly path: string
  /** The key the items stand under: `messages`, `calls`, ... */
  readonly key: string
  readonly query: Readonly<Record<string, string>>
  readonly schema: z.ZodType<T>
}

/** More pages than this of one list in one look is a server that never ends, not a busy shop (50 to 1000 items each). */
const mostPages = 500

/**
 * The pages of a list, newest items first, following `next_page_uri` until there is none. An item that cannot be read
 * is left out and logged by its SID, so that one odd item does not hide the others.
 *
 * @throws TwilioError
 */
export async function* pages<T>(
  client: TwilioClient,
  list: ListRequest<T>,
  log: Log,
): AsyncGenerator<readonly Resource<T>[]> {
  let body = (await client.get(list.path, list.query)) as Record<string, unknown>
  const visited = new Set<string>()
  for (;;) {
    const items = body[list.key]
    if (!Array.isArray(items)) {
      throw new TwilioError({ kind: 'strange-answer', status: 200, detail: `no ${list.key} in the answer` })
    }
    yield items.flatMap((raw: unknown) => {
      const parsed = list.schema.safeParse(raw)
      if (parsed.success) return [{ read: parsed.data, raw }]
      log.warn(
        { list: list.key, sid: sidOf(raw), issues: parsed.error.issues.map((issue) => issue.path.join('.')) },
        'unreadable Twilio item',
      )
      return []
    })
    const next = body.next_page_uri
    if (typeof next !== 'string' || next === '') return
    if (visited.has(next) || visited.size >= mostPages) {
      throw new TwilioError({ kind: 'strange-answer', status: 200, detail: `the pages of ${list.key} never end` })
    }
    visited.add(next)
    body = (await client.follow(next)) as Record<string, unknown>
  }
}

/** The first page only. */
export async function firstPage<T>(
  client: TwilioClient,
  list: ListRequest<T>,
  log: Log,
): Promise<readonly Resource<T>[]> {
  const { value } = await pages(client, list, log).next()
  return value ?? []
}

function sidOf(raw: unknown): string | null {
  return typeof raw === 'object' && raw !== null && 'sid' in raw ? String(raw.sid) : null
}
