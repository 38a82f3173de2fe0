import { day } from '../../lib/durations.ts'
import type { Inbound } from '../channel.ts'
import { type DerivedCall, deriveInboundCall, deriveOutboundCall } from './derive-call.ts'
import { TwilioError } from './failure.ts'
import { type FetchedFile, fetchFile, recordingPath } from './fetch-file.ts'
import { handOver, type Look, newestTaken, oldestFirst, pageSize, windowStart } from './look.ts'
import { firstPage, pages } from './pages.ts'
import { isReachable, withoutPrefix } from './phone.ts'
import { unlessGone } from './poll-messages.ts'
import {
  type CallResource,
  callIsOver,
  callResource,
  createdAt,
  type RecordingResource,
  type Resource,
  recordingResource,
} from './resources.ts'
import { GONE, isDone, leadOf, OPEN, recordingOf, revisionOf } from './revision.ts'

const SCOPE = 'calls'
/** How many calls outside the pages read are looked up one by one in a look. */
const mostRefetched = 20

/** Call legs by SID, and what is stored of them. */
type Seen = {
  readonly legs: Map<string, Resource<CallResource>>
  readonly recordings: Map<string, Resource<RecordingResource>>
  readonly stored: Map<string, string>
}

/**
 * Takes in the calls that are new or changed, voicemails included. The legs of one call arrive as separate items of
 * one list: the customer's leg (no parent) is the call, the others say what became of it.
 *
 * @throws TwilioError after handing over what could be read
 */
export async function pollCalls(look: Look): Promise<void> {
  const newestBefore = await newestTaken(look, SCOPE)
  const seen: Seen = { legs: new Map(), recordings: new Map(), stored: new Map() }
  let broken: TwilioError | null = null
  try {
    await readCalls(look, seen, newestBefore)
  } catch (error) {
    // What stands on the pages before is only the newest part: it is handed over, the cursor waits.
    if (!(error instanceof TwilioError) || seen.legs.size === 0) throw error
    broken = error
  }
  // Without the recordings a voicemail would be taken for a missed call for good: read them or hand over nothing.
  await readRecordings(look, seen, newestBefore)
  const refetched = broken === null ? await refetchOpen(look, seen) : new Set<string>()
  const calls = oldestFirst(seen.legs.values()).filter(({ read }) => read.parent_call_sid === null)
  const mine = calls.filter(({ read }) => concerns(look, read))
  // Of history nobody is called back: one question for each call of a month would take minutes.
  const recent = mine.filter(({ read }) => !isHistory(look, read) && !refetched.has(read.sid))
  for (const { read } of recent) await confirmUnanswered(look, seen, read)
  const skipped = calls.filter(({ read }) => !concerns(look, read) && createdAt(read) > (newestBefore ?? 0)).length
  const newest = calls.at(-1)
  await handOver(
    look,
    SCOPE,
    mine.flatMap((call) => change(look, seen, call)),
    broken === null && newest !== undefined ? Math.max(createdAt(newest.read), newestBefore ?? 0) : null,
    broken === null ? { skipped, reason: 'They belong to another number of this Twilio account.' } : null,
  )
  if (broken !== null) throw broken
}

async function readCalls(look: Look, seen: Seen, newestBefore: number | null): Promise<void> {
  const query = { 'StartTime>': windowStart(look, newestBefore), PageSize: pageSize(look) }
  const list = { path: '/Calls.json', key: 'calls', query, schema: callResource }
  for await (const page of pages(look.client, list, look.context.log)) {
    for (const leg of page) seen.legs.set(leg.read.sid, leg)
    const calls = page.map(({ read }) => read).filter((leg) => leg.parent_call_sid === null)
    for (const [sid, revision] of await look.context.revisions(calls.map((call) => call.sid)))
      seen.stored.set(sid, revision)
    const nothingNew = calls.every(
      (call) => seen.stored.has(call.sid) || (!concerns(look, call) && createdAt(call) <= (newestBefore ?? 0)),
    )
    // A page of nothing but child legs says nothing about the calls they belong to.
    if (look.depth === 'quick' && calls.length > 0 && nothingNew) break
  }
}

async function readRecordings(look: Look, seen: Seen, newestBefore: number | null): Promise<void> {
  const query = { 'DateCreated>': windowStart(look, newestBefore), PageSize: pageSize(look) }
  const list = { path: '/Recordings.json', key: 'recordings', query, schema: recordingResource }
  for await (const page of pages(look.client, list, look.context.log)) {
    for (const recording of page) seen.recordings.set(recording.read.sid, recording)
    const older = page.every(
      ({ read }) => !seen.legs.has(read.call_sid) || isDone(seen.stored.get(read.call_sid) ?? ''),
    )
    if (look.depth === 'quick' && older) break
  }
}

/** Calls that were not over and are on none of the pages read are asked for by name, with their legs and recordings. */
async function refetchOpen(look: Look, seen: Seen): Promise<ReadonlySet<string>> {
  const { client, context } = look
  const open = (await context.withRevision(OPEN, 500)).filter((sid) => sid.startsWith('CA') && !seen.legs.has(sid))
  const sids = open.slice(0, mostRefetched)
  for (const [sid, revision] of await context.revisions(sids)) seen.stored.set(sid, revision)
  for (const sid of sids) {
    const raw = await client.get(`/Calls/${sid}.json`).catch(unlessGone)
    if (raw === null) await context.keepRevision(sid, GONE)
    const parsed = callResource.safeParse(raw)
    if (!parsed.success) continue
    seen.legs.set(sid, { read: parsed.data, raw })
    await readChildren(look, seen, sid)
    const list = { path: '/Recordings.json', key: 'recordings', query: { CallSid: sid }, schema: recordingResource }
    for (const recording of await firstPage(client, list, context.log))
      seen.recordings.set(recording.read.sid, recording)
  }
  return new Set(sids)
}

/** Before a customer's call is filed as missed for want of any leg that took it, Twilio is asked for its legs by name. */
async function confirmUnanswered(look: Look, seen: Seen, call: CallResource): Promise<void> {
  if (call.status !== 'completed' || isDone(seen.stored.get(call.sid) ?? '')) return
  if (childrenOf(seen, call.sid).length === 0) await readChildren(look, seen, call.sid)
}

async function readChildren(look: Look, seen: Seen, sid: string): Promise<void> {
  const list = { path: '/Calls.json', key: 'calls', query: { ParentCallSid: sid }, schema: callResource }
  for (const leg of await firstPage(look.client, list, look.context.log)) seen.legs.set(leg.read.sid, leg)
}

/** SIP trunks carry calls of a telephone system of their own, which answers them itself. */
function concerns(look: Look, call: CallResource): boolean {
  return (call.direction === 'inbound' || call.direction === 'outbound-api') && look.watched.has(ownOf(call))
}

const ownOf = (call: CallResource): string => withoutPrefix(call.direction === 'inbound' ? call.to : call.from)

/** True for what was over before its number was connected. */
function isHistory({ watched }: Look, call: CallResource): boolean {
  const own = ownOf(call)
  return watched.fresh.has(own) && callIsOver(call) && createdAt(call) < watched.since(own)
}

function childrenOf(seen: Seen, sid: string): readonly Resource<CallResource>[] {
  return [...seen.legs.values()].filter(({ read }) => read.parent_call_sid === sid)
}

function change(look: Look, seen: Seen, call: Resource<CallResource>): (() => Promise<Inbound | null>)[] {
  const { read } = call
  const stored = seen.stored.get(read.sid)
  const children = childrenOf(seen, read.sid)
  const legs = children.map((child) => child.read)
  const recordings = [...seen.recordings.values()].filter((recording) => recording.read.call_sid === read.sid)
  const out = read.direction !== 'inbound'
  const lead = out ? (leadOf(stored) ?? legs[0]?.to ?? null) : null
  const sounds = recordings.map((recording) => recording.read)
  const derived = out
    ? deriveOutboundCall(read, legs, sounds, leadOf(stored) !== null)
    : deriveInboundCall(read, legs, sounds)
  if (stored === revision(derived, derived.final, lead)) return []
  // A call that is over stays what it was; only a recording may still turn up.
  if (stored !== undefined && isDone(stored) && (derived.recording === null || recordingOf(stored) !== null)) return []
  if (out && stored === undefined && look.ownSends.holds(read.sid, read.to)) return []
  return [
    async () => {
      const sound = derived.recording === null ? null : await fetchSound(look, derived.recording)
      const tooOld = look.client.twilioNow() - createdAt(read) > day
      const next = revision(derived, derived.final && (sound === null || sound.settled || tooOld), lead)
      if (next === stored) return null
      const other = out ? (lead ?? read.to) : read.from
      return {
        accountId: look.context.accountId,
        externalId: read.sid,
        revision: next,
        at: read.start_time ?? createdAt(read),
        direction: out ? 'out' : 'in',
        parties: isReachable(other)
          ? [{ kind: 'phone', value: withoutPrefix(other), name: read.caller_name || null }]
          : [],
        content: {
          kind: 'call',
          from: withoutPrefix(read.from),
          to: out ? withoutPrefix(other) : withoutPrefix(read.to),
          result: derived.result,
          answeredAt: derived.answeredAt,
          endedAt: derived.endedAt,
          durationMs: derived.durationMs,
          recording: sound?.file ?? null,
        },
        source: { name: null, detail: {} },
        history: isHistory(look, read),
        raw: JSON.stringify({
          call: call.raw,
          children: children.map((child) => child.raw),
          recordings: recordings.map((recording) => recording.raw),
        }),
      }
    },
  ]
}

function revision(derived: DerivedCall, final: boolean, lead: string | null): string {
  const view = derived.recording === null ? derived.result : `${derived.result}:${derived.recording.sid}`
  return revisionOf(final, view, lead)
}

const fetchSound = ({ client }: Look, { sid, source }: RecordingResource): Promise<FetchedFile> =>
  fetchFile(client, recordingPath(sid), {
    name: source === 'RecordVerb' ? 'voicemail.mp3' : 'call.mp3',
    contentType: 'audio/mpeg',
  })
