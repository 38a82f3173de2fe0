import type { Clock } from '../lib/clock.ts'
import { day, hour, second } from '../lib/durations.ts'
import { readIcalDays, TooMuchRepeats } from '../lib/ical-days.ts'
import type { Log } from '../lib/log.ts'
import { makeLookTimer } from '../lib/look-timer.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { ReadStore, Store, WriteStore } from '../store/store.ts'

/** Keeps the closed days of calendars on the web up to date. What was read last stays when a feed cannot be reached. */
export type CalendarFeeds = {
  readonly start: () => Promise<void>
  /** Resolves when nothing of it runs any more. */
  readonly stop: () => Promise<void>
  /** Reads what was never read: after a calendar was saved. */
  readonly nudge: () => void
}

export type CalendarFeedDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly fetch: typeof fetch
  /** The days of some calendar changed: deadlines are computed anew in this transaction. */
  readonly changed: (tx: WriteStore) => Promise<void>
}

const readEvery = day
const retryAfter = hour
const patience = 20 * second
const largest = 5 * 1024 * 1024
// Deadlines of the past are computed anew, those of the future may lie far ahead.
const window = { back: 400 * day, ahead: 800 * day }

export function makeCalendarFeeds({ store, clock, log, fetch, changed }: CalendarFeedDeps): CalendarFeeds {
  const stopping = new AbortController()

  const look = async () => {
    const { feeds, zone } = await wantedFeeds(store.read)
    await store.write((tx) => forgetUnused(tx, feeds))
    for (const url of feeds) {
      if (stopping.signal.aborted) return
      await readOne(url, zone)
    }
  }

  const readOne = async (url: string, zone: string) => {
    const known = await store.read.db.selectFrom('calendar_feed').selectAll().where('url', '=', url).executeTakeFirst()
    const due = known ? (known.problem === null ? (known.read_at ?? 0) + readEvery : known.tried_at + retryAfter) : 0
    if (due > clock.now()) return
    const now = clock.now()
    try {
      const text = await download(fetch, url, stopping.signal)
      const days = JSON.stringify(readIcalDays(text, zone, { from: now - window.back, to: now + window.ahead }))
      await store.write(async (tx) => {
        await upsert(tx, url, { days, read_at: now, tried_at: now, problem: null })
        if (days !== known?.days) await changed(tx)
      })
    } catch (error) {
      if (stopping.signal.aborted) return
      log.warn({ error: String(error) }, 'a calendar feed could not be read')
      const problem = problemOf(error)
      await store.write((tx) =>
        upsert(tx, url, {
          days: known?.days ?? '[]',
          read_at: known?.read_at ?? null,
          tried_at: now,
          problem,
        }),
      )
    }
  }

  const timer = makeLookTimer({
    clock,
    look: async () => {
      await look()
      // Each feed knows when it is due; asking for that costs as much as looking.
      return Number.POSITIVE_INFINITY
    },
    failed: (error) => log.error({ error: String(error) }, 'calendar feeds could not be looked at'),
    longestWait: retryAfter,
    calmly: 0,
  })

  return {
    // The first look may take as long as a slow server; nobody waits for it.
    start: async () => void timer.start(),
    stop: async () => {
      stopping.abort()
      await timer.stop()
    },
    nudge: timer.nudge,
  }
}

async function wantedFeeds(store: ReadStore) {
  const { business, calendars } = await readSettings(store)
  const urls = [business, ...calendars].map((it) => it.days.feed).filter((url): url is string => url !== null)
  return { feeds: [...new Set(urls)], zone: business.zone }
}

async function forgetUnused(tx: WriteStore, feeds: readonly string[]): Promise<void> {
  const unused = tx.db.deleteFrom('calendar_feed')
  await (feeds.length === 0 ? unused : unused.where('url', 'not in', feeds)).execute()
}

type FeedValues = {
  readonly days: string
  readonly read_at: number | null
  readonly tried_at: number
  readonly problem: string | null
}

/** The times in them fall on other dates in another zone: they are read again at the next look. */
export async function readAgain(tx: WriteStore): Promise<void> {
  await tx.db.updateTable('calendar_feed').set({ read_at: null, problem: null }).execute()
}

async function upsert(tx: WriteStore, url: string, values: FeedValues): Promise<void> {
  await tx.db
    .insertInto('calendar_feed')
    .values({ url, ...values, etag: null })
    .onConflict((conflict) => conflict.column('url').doUpdateSet(values))
    .execute()
  tx.changed('setting')
}

class FeedProblem extends Error {}

/**
 * Always the whole text, never "not changed since": days are read for a window that moves on, in a zone that may be
 * another one by now.
 * @throws FeedProblem in the user's words, or whatever the network says
 */
export async function download(fetchUrl: typeof fetch, url: string, signal: AbortSignal): Promise<string> {
  const response = await fetchUrl(url.replace(/^webcal:/i, 'https:'), {
    headers: { accept: 'text/calendar' },
    signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
  })
  if (!response.ok) throw new FeedProblem(`The address answered with error ${response.status}. Check the address.`)
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.byteLength
    if (size > largest) throw new FeedProblem('The calendar is larger than 5 MB. Use one with fewer entries.')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** Why a feed could not be read, in the user's words. */
export function problemOf(error: unknown): string {
  if (error instanceof FeedProblem) return error.message
  if (error instanceof Error && error.name === 'TimeoutError') return 'The calendar did not answer within 20 seconds.'
  if (error instanceof TooMuchRepeats) {
    return 'The calendar repeats itself more often than Deskbell can follow. Use one that holds only your closed times.'
  }
  if (error instanceof TypeError) return 'The address of the calendar could not be reached.'
  return 'What the address answered is no calendar. It should end in .ics or come from “share” in your calendar.'
}
