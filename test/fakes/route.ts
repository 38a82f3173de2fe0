import type { Clocks } from '../../src/contact/clocks.ts'
import { makeReadSituation } from '../../src/route/read-team.ts'
import { makeRouteLead } from '../../src/route/route-lead.ts'
import { makeReadCalendars } from '../../src/store/queries/calendars.ts'

/** Route as the engine puts it together, with a watch that stands still. */
export function makeTestRoute(clocks: Pick<Clocks, 'owned'>) {
  const readSituation = makeReadSituation(makeReadCalendars())
  return { readSituation, ...makeRouteLead({ clocks, readSituation, stopwatch: () => 0 }) }
}
