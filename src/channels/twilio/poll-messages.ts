import { day } from '../../lib/durations.ts'
import type { Inbound, InboundFile, TextContent } from '../channel.ts'
import { TwilioError } from './failure.ts'
import { fetchFile, listMedia, mediaPath } from './fetch-file.ts'
import { handOver, type Look, newestTaken, oldestFirst, pageSize, windowStart } from './look.ts'
import { pages } from './pages.ts'
import { isReachable, withoutPrefix } from './phone.ts'
import { deliveryProblem } from './problems.ts'
import { createdAt, type MessageResource, messageResource, type Resource } from './resources.ts'
import { GONE, OPEN, revisionOf } from './revision.ts'

const SCOPE = 'messages'
/** How many texts outside the window are looked up one by one in a full look. */
const mostRefetched = 20

/**
 * Takes in the texts that are new or changed.
 *
 * @throws TwilioError after handing over what could be read
 */
export async function pollMessages(look: Look): Promise<void> {
  const { client, context } = look
  const newestBefore = await newestTaken(look, SCOPE)
  const query = { 'DateSent>': windowStart(look, newestBefore), PageSize: pageSize(look) }
  const found = new Map<string, Resource<MessageResource>>()
  const stored = new Map<string, string>()
  let broken: TwilioError | null = null
  try {
    for await (const page of pages(
      client,
      { path: '/Messages.json', key: 'messages', query, schema: messageResource },
      context.log,
    )) {
      for (const message of page) found.set(message.read.sid, message)
      for (const [sid, revision] of await context.revisions(page.map(({ read }) => read.sid))) stored.set(sid, revision)
      const nothingNew = page.every(
        ({ read }) => stored.has(read.sid) || (!concerns(look, read) && createdAt(read) <= (newestBefore ?? 0)),
      )
      if (look.depth === 'quick' && nothingNew) break
    }
    if (look.depth === 'full') await refetchOpen(look, found, stored)
  } catch (error) {
    if (!(error instanceof TwilioError) || found.size === 0) throw error
    broken = error
  }
  const messages = oldestFirst(found.values())
  const newest = messages.at(-1)
  const mine = messages.filter(({ read }) => concerns(look, read))
  const skipped = messages.filter(({ read }) => !concerns(look, read) && createdAt(read) > (newestBefore ?? 0)).length
  await handOver(
    look,
    SCOPE,
    mine.flatMap((message) => change(look, message, stored.get(message.read.sid))),
    broken === null && newest !== undefined ? Math.max(createdAt(newest.read), newestBefore ?? 0) : null,
    broken === null ? { skipped, reason: 'They belong to another number of this Twilio account.' } : null,
  )
  if (broken !== null) throw broken
}

/** Texts that were not final and have left the window are asked for by name. */
async function refetchOpen(
  look: Look,
  found: Map<string, Resource<MessageResource>>,
  stored: Map<string, string>,
): Promise<void> {
  const open = (await look.context.withRevision(OPEN, 500)).filter((sid) => /^(SM|MM)/.test(sid) && !found.has(sid))
  const sids = open.slice(0, mostRefetched)
  for (const [sid, revision] of await look.context.revisions(sids)) stored.set(sid, revision)
  for (const sid of sids) {
    const raw = await look.client.get(`/Messages/${sid}.json`).catch(unlessGone)
    if (raw === null) await look.context.keepRevision(sid, GONE)
    const parsed = messageResource.safeParse(raw)
    if (parsed.success) found.set(sid, { read: parsed.data, raw })
  }
}

/** Deleted at Twilio: it stays with us as it was. */
export function unlessGone(error: unknown): null {
  if (error instanceof TwilioError && error.failure.kind === 'refused' && error.failure.status === 404) return null
  throw error
}

function concerns(look: Look, message: MessageResource): boolean {
  return [message.from, message.to].some((address) => look.watched.has(withoutPrefix(address)))
}

/** True for what was there before its number was connected. */
function isHistory({ watched }: Look, message: MessageResource): boolean {
  const own = withoutPrefix(message.direction === 'inbound' ? message.to : message.from)
  return watched.fresh.has(own) && createdAt(message) < watched.since(own)
}

function change(
  look: Look,
  message: Resource<MessageResource>,
  stored: string | undefined,
): (() => Promise<Inbound | null>)[] {
  const { read } = message
  const view = read.error_code === null ? read.status : `${read.status}:${read.error_code}`
  const final = isFinal(read, look.client.twilioNow())
  if (stored === revisionOf(final, view)) return []
  const out = read.direction !== 'inbound'
  if (out && stored === undefined && look.ownSends.holds(read.sid, withoutPrefix(read.to))) return []
  return [
    async () => {
      const { files, settled } = out ? { files: [], settled: true } : await fetchFiles(look, read)
      const tooOld = look.client.twilioNow() - createdAt(read) > day
      const revision = revisionOf(final && (settled || tooOld), view)
      if (revision === stored) return null
      const other = out ? read.to : read.from
      return {
        accountId: look.context.accountId,
        externalId: read.sid,
        revision,
        at: (out ? read.date_sent : null) ?? createdAt(read),
        direction: out ? 'out' : 'in',
        parties: isReachable(other) ? [{ kind: 'phone', value: withoutPrefix(other), name: null }] : [],
        content: textContent(read, files),
        source: { name: null, detail: {} },
        history: isHistory(look, read),
        raw: JSON.stringify(message.raw),
      }
    },
  ]
}

/** `sent` is the last word of carriers that report no delivery: after a day it stands. */
export function isFinal(message: MessageResource, now: number): boolean {
  const open = ['queued', 'accepted', 'scheduled', 'sending', 'receiving', '']
  return message.status === 'sent' ? now - createdAt(message) > day : !open.includes(message.status)
}

async function fetchFiles(
  look: Look,
  message: MessageResource,
): Promise<{ readonly files: readonly InboundFile[]; readonly settled: boolean }> {
  if ((message.num_media ?? 0) === 0) return { files: [], settled: true }
  const files: InboundFile[] = []
  let settled = true
  for (const read of await listMedia(look.client, message.sid, look.context.log)) {
    const contentType = read.content_type || 'application/octet-stream'
    const name = `${contentType.split('/')[0] ?? 'file'}-${files.length + 1}.${extension(contentType)}`
    const fetched = await fetchFile(look.client, mediaPath(message.sid, read.sid), { name, contentType })
    files.push(fetched.file)
    settled &&= fetched.settled
  }
  return { files, settled }
}

/** Twilio keeps no file names. */
function extension(contentType: string): string {
  const odd: Readonly<Record<string, string>> = {
    'image/jpeg': 'jpg',
    'audio/mpeg': 'mp3',
    'text/plain': 'txt',
    'text/vcard': 'vcf',
    'text/x-vcard': 'vcf',
    'video/quicktime': 'mov',
  }
  return odd[contentType] ?? /\/([a-z0-9]{2,4})$/.exec(contentType)?.[1] ?? 'bin'
}

const deliveryOf: Readonly<Record<string, TextContent['delivery']>> = {
  queued: 'queued',
  accepted: 'queued',
  scheduled: 'queued',
  sending: 'sending',
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  partially_delivered: 'delivered',
  failed: 'failed',
  undelivered: 'failed',
  canceled: 'failed',
  receiving: 'received',
  received: 'received',
}

function textContent(message: MessageResource, files: readonly InboundFile[]): TextContent {
  const delivery = deliveryOf[message.status] ?? (message.direction === 'inbound' ? 'received' : 'queued')
  return {
    kind: 'text',
    service: /^whatsapp:/.test(message.from) ? 'whatsapp' : 'sms',
    from: withoutPrefix(message.from),
    to: withoutPrefix(message.to),
    body: message.body,
    files,
    delivery,
    problem: delivery === 'failed' ? deliveryProblem(message.error_code) : null,
  }
}
