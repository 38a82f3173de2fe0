import type { Clock } from '../lib/clock.ts'
import { second } from '../lib/durations.ts'
import type { Log } from '../lib/log.ts'
import { type LookTimer, makeLookTimer } from '../lib/look-timer.ts'
import type { Store } from '../store/store.ts'
import { absentAt, awayAt, nextChange, noLoad } from './availability.ts'
import { type BacklogKey, drainBacklog } from './drain-backlog.ts'
import type { ReadSituation } from './read-team.ts'
import { rerouteAbsent } from './reroute-absent.ts'
import type { PassOn, RouteLead } from './route-lead.ts'

/**
 * Deals out what nobody owns when somebody comes: by the switch, at the start of their shift, back from vacation, or
 * because they have room again. Gives away what somebody leaves unanswered when an absence begins. Nothing of it is
 * stored: at a start everybody who is there counts as just come.
 */
export type DutyTimer = LookTimer & {
  /** The rules changed: whatever waits is looked at again. */
  readonly afresh: () => void
}

// A shift may begin as late as this after the computer slept. Within one wait whoever is there now is seen to leave,
// and then it is known when they are back.
const longestWait = 30 * second
// A mailbox that is read for the first time changes leads a thousand times a second.
const calmly = second

export type DutyTimerDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly readSituation: ReadSituation
  readonly routeLead: RouteLead
  readonly passOn: PassOn
}

export function makeDutyTimer(deps: DutyTimerDeps): DutyTimer {
  const { clock, log } = deps
  const look = makeDutyLook(deps)
  const timer = makeLookTimer({
    clock,
    look: async () => (await look.once()) ?? Number.POSITIVE_INFINITY,
    failed: (error) => log.error({ error: String(error) }, 'who is on duty could not be looked up'),
    longestWait,
    calmly,
  })
  return {
    ...timer,
    afresh: () => {
      look.forget()
      timer.nudge()
    },
  }
}

/** One look after another at who is there, each remembering the one before. */
export function makeDutyLook({ store, clock, readSituation, routeLead, passOn }: Omit<DutyTimerDeps, 'log'>): {
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
      const { team } = await readSituation(store.read, at)
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
