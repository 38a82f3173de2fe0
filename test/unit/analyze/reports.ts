import type { Insertable } from 'kysely'
import { onTestFinished } from 'vitest'
import { makeAnalyzeHandlers } from '../../../src/analyze/handlers.ts'
import { type Clocks, makeClocks } from '../../../src/contact/clocks.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { type Client, connect } from '../../../src/rpc/connect.ts'
import { contract } from '../../../src/rpc/contract.ts'
import { type Handlers, serve } from '../../../src/rpc/serve.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { makeReadCalendars } from '../../../src/store/queries/calendars.ts'
import type { ClockTable, LeadTable } from '../../../src/store/schema.ts'
import { type FakeClock, makeFakeClock } from '../../fakes/fake-clock.ts'
import { transportPair } from '../../fakes/in-process.ts'
import { openTestStore, type TestStore } from '../../fakes/test-store.ts'

export type Reports = {
  readonly store: TestStore
  readonly clock: FakeClock
  readonly clocks: Clocks
  readonly client: Client
  /** A lead with one clock of 30 minutes that ran from `startedAt`. */
  readonly add: (clock: NewClock, lead?: NewLead) => Promise<{ leadId: number; personId: number; clockId: number }>
}

export type NewClock = Partial<Insertable<ClockTable>> & Pick<Insertable<ClockTable>, 'started_at' | 'state'>
export type NewLead = Partial<Insertable<LeadTable>> & { readonly handles?: readonly (number | null)[] }

export const half = 30 * 60_000

/** A business in New York that is open Monday to Friday, 9 to 17, with reports over the contract. */
export async function openReports(): Promise<Reports> {
  const store = openTestStore()
  onTestFinished(() => store.close())
  const hours = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: 9 * 60, to: 17 * 60 }))
  await store.set('business', { ...defaultSettings.business, zone: 'America/New_York', hours, alwaysOpen: false })
  const clock = makeFakeClock()
  const readCalendars = makeReadCalendars()
  const clocks = makeClocks({ clock, readCalendars })
  const missing = Object.fromEntries(Object.keys(contract).map((name) => [name, () => Promise.reject(new Error(name))]))
  const handlers = { ...missing, ...makeAnalyzeHandlers({ store, clock, readCalendars }) } as Handlers
  const server = serve({ handlers, log: silentLog, checkOutput: true })
  const [serverEnd, clientEnd] = transportPair()
  server.attach(serverEnd)

  const add: Reports['add'] = async (more, { handles = [], ...changes } = {}) => {
    const opened = await store.addLead({ tier: 'warm', openedAt: more.started_at })
    return store.write(async ({ db }) => {
      if (Object.keys(changes).length > 0) {
        await db.updateTable('lead').set(changes).where('id', '=', opened.leadId).execute()
      }
      for (const [index, opted_out_at] of handles.entries()) {
        const value = `p${opened.personId}-${index}@home.example`
        await db
          .insertInto('handle')
          .values({ person_id: opened.personId, kind: 'email', value, opted_out_at, last_used_at: 0, created_at: 0 })
          .execute()
      }
      const due = more.due_at ?? more.started_at + half
      const ended = more.state === 'met' || more.state === 'missed'
      const { id: clockId } = await db
        .insertInto('clock')
        .values({
          lead_id: opened.leadId,
          kind: 'first_contact',
          target_ms: half,
          warn_at: due,
          risk_at: due,
          due_at: due,
          channel: 'email',
          tier: 'warm',
          announced: 0,
          decided_due_at: ended ? due : null,
          decided_state: ended ? (more.state as 'met' | 'missed') : null,
          ...more,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      return { ...opened, clockId }
    })
  }
  return { store, clock, clocks, client: connect(clientEnd), add }
}
