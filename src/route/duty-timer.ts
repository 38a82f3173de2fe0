import type { Clock } from '../lib/clock.ts'
import { second } from '../lib/durations.ts'
import type { Log } from '../lib/log.ts'
import type { Store } from '../store/store.ts'
import { absentAt, awayAt, nextChange, noLoad } from './availability.ts'
import { type BacklogKey, drainBacklog } from './drain-backlog.ts'
import type { makeReadSituation } from './read-team.ts'
import { rerouteAbsent } from './reroute-absent.ts'
import type { PassOn, RouteLead } from './route-lead.ts'

/**
 * Deals out what nobody owns when somebody comes: by the switch, at the start of their shift, back from vacation, or
 * because they have room again. Gives away what somebody leaves unanswered when an absence begins. Nothing of it is
 * stored: at a start everybody who is there counts as just come.
 */
export type DutyTimer = {
  readonly start: () => Promise<void>
  /** Resolves when nothing of it runs any more. */
  readonly stop: () => Promise<void>
  /** Something about people or leads changed. Cheap to call after every commit. */
  readonly nudge: () => void
  /** The rules changed: whatever waits is looked at again. */
  readonly afresh: () => void
}

// Timers stand still while a computer sleeps, so no wait is longer than a shift may begin late after it wakes. Within
// one wait whoever is there now is seen to leave, and then it is known when they are back.
const longestWait = 30 * second
// A mailbox that is read for the first time changes leads a thousand times a second.
const calmly = second
const afterFailure = 30 * second

export type DutyTimerDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly situations: ReturnType<typeof makeReadSituation>
  readonly routeLead: RouteLead
  readonly passOn: PassOn
}

export function makeDutyTimer(deps: DutyTimerDeps): DutyTimer {
  const { clock, log } = deps
  const look = makeDutyLook(deps)
  let started = false
  let cancel: () => void = () => {}
  let armedFor = Number.POSITIVE_INFINITY
  let running: Promise<void> | null = null
  let again = false

  const arm = (at: number) => {
    cancel()
    armedFor = at
    cancel = clock.after(Math.max(0, at - clock.now()), run)
  }

  const work = async () => {
    let next: number | null = null
    again = false
    try {
      next = await look.once()
    } catch (error) {
      log.error({ error: String(error) }, 'who is on duty could not be looked up')
      next = clock.now() + afterFailure
    }
    running = null
    if (!started) return
    arm(again ? clock.now() + calmly : Math.min(next ?? Number.POSITIVE_INFINITY, clock.now() + longestWait))
  }

  function run(): void {
    if (!started) return
    if (running) again = true
    else running = work()
  }

  const nudge = () => {
    if (running) again = true
    else if (started && armedFor > clock.now() + calmly) arm(clock.now() + calmly)
  }

  return {
    start: async () => {
      started = true
      run()
      await running
    },
    stop: async () => {
      started = false
      cancel()
      await running
    },
    nudge,
    afresh: () => {
      look.forget()
      nudge()
    },
  }
}

/** One look after another at who is there, each remembering the one before. */
export function makeDutyLook({ store, clock, situations, routeLead, passOn }: Omit<DutyTimerDeps, 'log'>): {
  /** Does what follows from who came and who left. @returns when somebody comes or leaves next, as far as is known */
  readonly once: () => Promise<number | null>
  readonly forget: () => void
} {
  let there: ReadonlySet<number> = new Set()
  let gone: ReadonlySet<number> = new Set()
  let forgotten = 0

  const drain = async () => {
    let after: BacklogKey | null = null
    do {
      const key: BacklogKey | null = after
      after = (await store.write((tx) => drainBacklog(tx, { routeLead, passOn }, clock.now(), key))).next
    } while (after !== null)
  }

  return {
    once: async () => {
      const at = clock.now()
      const memory = forgotten
      const { team } = await situations.read(store.read, at)
      const free = team.members.filter((it) => awayAt(it, at, team.loads.get(it.id) ?? noLoad) === null)
      const absent = team.members.filter(
        (it) => absentAt(it, at) !== null && it.absences.some(({ from, to }) => from <= at && at < to),
      )
      const came = free.some((it) => !there.has(it.id))
      if (came) await drain()
      if (free.length > 0) {
        for (const { id } of absent) {
          if (came || !gone.has(id)) await store.write((tx) => rerouteAbsent(tx, routeLead, id, clock.now()))
        }
      }
      // Rules that changed meanwhile want another look at everything.
      if (memory === forgotten) {
        there = new Set(free.map((it) => it.id))
        gone = new Set(absent.map((it) => it.id))
      }
      return nextChange(team.members, at)
    },
    forget: () => {
      forgotten += 1
      there = new Set()
      gone = new Set()
    },
  }
}
