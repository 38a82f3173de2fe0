import { randomUUID } from 'node:crypto'
import { makeIngest } from './capture/ingest.ts'
import { makeClocks } from './contact/clocks.ts'
import { type FillWording, makeFirstAnswer } from './contact/first-answer/first-answer.ts'
import type { Greet } from './contact/first-answer/greet.ts'
import { markSent } from './contact/outbox-settle.ts'
import { withTasks } from './contact/tasks/end-tasks.ts'
import { makeFirstTask } from './contact/tasks/first-task.ts'
import { companyFromEmail } from './enrich/company.ts'
import { makeLearnFromLead } from './enrich/learn-from-lead.ts'
import { phoneRegion } from './enrich/phone-region.ts'
import { queueLookups, tellsLines } from './enrich/queue-lookups.ts'
import type { Clock } from './lib/clock.ts'
import { makeHolidayNames } from './lib/holidays.ts'
import type { Log } from './lib/log.ts'
import { makeOpening } from './nurture/opening.ts'
import { fillWording } from './nurture/templates.ts'
import { answerStep } from './people/next-step.ts'
import { drainBacklog } from './route/drain-backlog.ts'
import { makeReadSituation } from './route/read-team.ts'
import { rerouteAbsent } from './route/reroute-absent.ts'
import { makeRouteLead } from './route/route-lead.ts'
import { makeFittingRules } from './score/fitting-rules.ts'
import { readBudget } from './score/read-budget.ts'
import { readTimeline } from './score/read-timeline.ts'
import { rescoreAll } from './score/rescore-all.ts'
import { makeScoreLead } from './score/score-lead.ts'
import { makeReadCalendars } from './store/queries/calendars.ts'
import type { Store, WriteStore } from './store/store.ts'

type Surroundings = {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** 0 ≤ x < 1 */
  readonly random: () => number
  /** Text that never comes twice. */
  readonly newId?: () => string
}

/** The stages of a lead's life on one clock, wired to each other: what `engine.ts` hands to channels and handlers. */
export function wireStages({ store, clock, log, random, newId = randomUUID }: Surroundings) {
  const holidays = makeHolidayNames()
  const readCalendars = makeReadCalendars(holidays)
  const clocks = withTasks(makeClocks({ clock, readCalendars }))
  const scoreLead = makeScoreLead()
  const readSituation = makeReadSituation(readCalendars)
  const { routeLead, passOn } = makeRouteLead({ clocks, readSituation, stopwatch: () => performance.now() })
  const enrich = { phoneRegion, companyFromEmail, queueLookups }
  const readers = { readBudget, readTimeline }
  const learnFromLead = makeLearnFromLead(readers)
  const firstTask = makeFirstTask(answerStep)
  const askLine = (tx: WriteStore, personId: number, at: number) => queueLookups(tx, personId, at, tellsLines)
  const opening = makeOpening({ clock, readCalendars })
  const fill: FillWording = (from, wording, about) => fillWording(from, wording, { ...about, link: null, opening })
  const firstAnswer = makeFirstAnswer({ readCalendars, fill, askLine, newId })
  const greet: Greet = async (tx, came, at) => {
    if (came.isNew) await firstTask(tx, came.leadId, at)
    await firstAnswer(tx, came, at)
  }
  return {
    clocks,
    firstTask,
    greet,
    readCalendars,
    holidays,
    scoreLead,
    readSituation,
    routeLead,
    passOn,
    enrich,
    readers,
    learnFromLead,
    askLine,
    fill,
    opening,
    fittingRules: makeFittingRules,
    ingest: makeIngest({
      store,
      clock,
      log,
      scoreLead,
      routeLead,
      clocks,
      greet,
      enrich,
      learnFromLead,
      markSent: (tx, jobId, sent) => markSent(tx, jobId, sent, { clocks, random, now: clock.now() }),
    }),
    rescoreAll: () => rescoreAll({ store, clock, clocks }, 'rules'),
    drainBacklog: (tx: WriteStore) => drainBacklog(tx, { routeLead, passOn }, clock.now()),
    rerouteAbsent: (tx: WriteStore, memberId: number) => rerouteAbsent(tx, routeLead, memberId, clock.now()),
  }
}
