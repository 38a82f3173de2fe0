import { makeIngest } from '../../../src/capture/ingest.ts'
import type { MarkSent } from '../../../src/capture/take-item.ts'
import type { Counts, Cursor, Inbound } from '../../../src/channels/channel.ts'
import { makeClocks } from '../../../src/contact/clocks.ts'
import { markSent } from '../../../src/contact/outbox-settle.ts'
import { companyFromEmail } from '../../../src/enrich/company.ts'
import { makeLearnFromLead } from '../../../src/enrich/learn-from-lead.ts'
import { phoneRegion } from '../../../src/enrich/phone-region.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { readBudget } from '../../../src/score/read-budget.ts'
import { readTimeline } from '../../../src/score/read-timeline.ts'
import { makeScoreLead, type ScoreLead } from '../../../src/score/score-lead.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { makeFakeClock } from '../../fakes/fake-clock.ts'
import { makeTestRoute } from '../../fakes/route.ts'
import { openTestStore, ownAddress, ownNumber, type TestStore } from '../../fakes/test-store.ts'

type Replaced = { readonly scoreLead?: ScoreLead; readonly store?: (store: TestStore) => TestStore }

/**
 * Capture with all its real stages on a database in memory: accounts 1 (mail), 2 (Twilio) and 3 (form), Dana on duty,
 * open around the clock.
 */
export async function openCaptureWorld({ scoreLead, store: wrap }: Replaced = {}) {
  const plain = openTestStore()
  const store = wrap ? wrap(plain) : plain
  const clock = makeFakeClock()
  const clocks = makeClocks({ clock })
  const mailAccount = await store.addAccount('email')
  const phoneAccount = await store.addAccount('twilio')
  const formAccount = await store.addAccount('form')
  const dana = await store.addMember('Dana', { email: 'dana@home.example', mobile: '+14155550199' })
  await store.set('business', { ...defaultSettings.business, alwaysOpen: true })
  const settle: MarkSent = (tx, jobId, sent) =>
    markSent(tx, jobId, sent, { now: clock.now(), clocks, random: () => 0.5 })
  const ingest = makeIngest({
    store,
    clock,
    log: silentLog,
    enrich: { phoneRegion, companyFromEmail },
    learnFromLead: makeLearnFromLead({ readBudget, readTimeline }),
    scoreLead: scoreLead ?? makeScoreLead(),
    routeLead: makeTestRoute(clocks).routeLead,
    clocks,
    greet: async () => {},
    markSent: settle,
  })
  const { db } = store.read

  return {
    store,
    clock,
    clocks,
    dana,
    mailAccount,
    phoneAccount,
    formAccount,
    db,
    /** Delivers on the account of the first item's kind. */
    take: async (...items: Inbound[]) => {
      const kind = items[0]?.content.kind
      const account = kind === 'email' ? mailAccount : kind === 'form' ? formAccount : phoneAccount
      await ingest(account, items, [])
    },
    deliver: (account: number, items: readonly Inbound[], cursors: readonly Cursor[] = [], counts?: Counts) =>
      counts ? ingest(account, items, cursors, counts) : ingest(account, items, cursors),
    people: () => db.selectFrom('person').selectAll().orderBy('id').execute(),
    handles: async () =>
      (await db.selectFrom('handle').select(['person_id', 'value']).orderBy('id').execute()).map(
        (it) => [it.person_id, it.value] as const,
      ),
    leads: () => db.selectFrom('lead').selectAll().orderBy('id').execute(),
    interactions: () => db.selectFrom('interaction').selectAll().orderBy('id').execute(),
    mails: () => db.selectFrom('mail').selectAll().orderBy('interaction_id').execute(),
    items: () => db.selectFrom('inbound_item').selectAll().orderBy('id').execute(),
    calls: () => db.selectFrom('call').selectAll().orderBy('interaction_id').execute(),
    clockStates: async () =>
      (await db.selectFrom('clock').select(['kind', 'state']).orderBy('id').execute()).map(
        (it) => `${it.kind} ${it.state}`,
      ),
    events: async () =>
      (await db.selectFrom('event').select('text').where('text', '!=', '').orderBy('id').execute()).map(
        (it) => it.text,
      ),
    setLead: (
      id: number,
      values: { status?: 'done' | 'not_lead'; done_at?: number; snoozed_until?: number; snooze_keep?: 0 | 1 },
    ) => store.write(({ db: write }) => write.updateTable('lead').set(values).where('id', '=', id).execute()),
    ownAddress,
    ownNumber,
  }
}

export type CaptureWorld = Awaited<ReturnType<typeof openCaptureWorld>>
