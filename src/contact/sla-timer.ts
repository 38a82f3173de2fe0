import type { ClockKind } from '../inbox/contract.ts'
import { missingCase } from '../lib/assert.ts'
import type { Clock } from '../lib/clock.ts'
import { second } from '../lib/durations.ts'
import type { Log } from '../lib/log.ts'
import { type LookTimer, makeLookTimer } from '../lib/look-timer.ts'
import { recordEvent } from '../store/queries/events.ts'
import type { Store, WriteStore } from '../store/store.ts'
import { nextAnnouncement } from './clock-times.ts'
import type { Clocks } from './clocks.ts'
import { type Ladder, nextAlert } from './ladder.ts'
import { wakeLead } from './wake-lead.ts'

/** Announces deadlines that come near and pass, and brings snoozed leads back when their time comes. */
export type SlaTimer = LookTimer

// A warning may be as late as this after the computer slept.
const longestWait = 15 * second
const atOnce = 200

export type SlaTimerDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly clocks: Pick<Clocks, 'resumed'>
  /** Finds somebody who is there for a lead that nobody took, or whose owner is not there, in time; refreshes its row. */
  readonly passOn: (tx: WriteStore, leadId: number, at: number) => Promise<boolean>
  readonly ladder: Ladder
}

/**
 * One timer for everything. Deadlines are stored in business time, so nothing falls due while the business is closed.
 */
export function makeSlaTimer({ store, clock, log, ...deps }: SlaTimerDeps): SlaTimer {
  const look = async () => {
    const next = await nextDue(store)
    if (next !== null && next <= clock.now()) {
      const full = await store.write((tx) => work(tx, clock.now(), deps))
      return full ? clock.now() : ((await nextDue(store)) ?? Number.POSITIVE_INFINITY)
    }
    return next ?? Number.POSITIVE_INFINITY
  }

  const failed = (error: unknown) => log.error({ error: String(error) }, 'deadlines could not be checked')
  return makeLookTimer({ clock, look, failed, longestWait, calmly: 0 })
}

async function nextDue(store: Store): Promise<number | null> {
  const { at } = await store.read.db
    .selectFrom('clock')
    .select((it) => it.fn.min('next_at').as('at'))
    .where('next_at', 'is not', null)
    .executeTakeFirstOrThrow()
  const { wake } = await store.read.db
    .selectFrom('lead')
    .select((it) => it.fn.min('snoozed_until').as('wake'))
    .where('status', '=', 'open')
    .where('snoozed_until', 'is not', null)
    .executeTakeFirstOrThrow()
  const times = [at, wake, await nextAlert(store.read)].filter((it): it is number => it !== null)
  return times.length > 0 ? Math.min(...times) : null
}

type Steps = Pick<SlaTimerDeps, 'clocks' | 'passOn' | 'ladder'>

/** Does what is due. Answers whether there may be more. */
async function work(tx: WriteStore, now: number, deps: Steps): Promise<boolean> {
  const announced = await announceDue(tx, now, deps)
  const woken = await wakeSnoozed(tx, now, deps.clocks)
  // Last: a lead that goes to somebody else is told to them, and one that woke up is awake.
  const more = await deps.ladder.speak(tx, now)
  return more || announced === atOnce || woken === atOnce
}

async function announceDue(tx: WriteStore, now: number, { passOn, ladder }: Steps): Promise<number> {
  const due = await tx.db
    .selectFrom('clock')
    .innerJoin('lead', 'lead.id', 'clock.lead_id')
    .innerJoin('person', 'person.id', 'lead.person_id')
    .select(['clock.id', 'clock.kind', 'clock.warn_at', 'clock.risk_at', 'clock.due_at', 'clock.lead_id'])
    .select(['lead.person_id', 'lead.owner_id', 'lead.tier', 'person.name'])
    .where('clock.next_at', '<=', now)
    .orderBy('clock.next_at')
    .limit(atOnce)
    .execute()
  for (const it of due) {
    // After a long sleep only the worst is worth saying.
    const percent = now >= it.due_at ? 100 : now >= it.risk_at ? 80 : 50
    await tx.db
      .updateTable('clock')
      .set({ announced: percent, next_at: nextAnnouncement(it, percent) })
      .where('id', '=', it.id)
      .execute()
    // What came near while nobody looked is as old as the deadline says, not as this look.
    const at = percent === 100 ? it.due_at : percent === 80 ? it.risk_at : it.warn_at
    await ladder.fell(tx, { clockId: it.id, leadId: it.lead_id, percent, at })
    const about = {
      leadId: it.lead_id,
      personId: it.person_id,
      name: it.name,
      clock: it.kind,
      dueAt: it.due_at,
      ownerId: it.owner_id,
    }
    if (percent === 100) {
      tx.announce('sla.breached', about)
      const event = {
        at: it.due_at,
        type: 'sla.breached',
        personId: it.person_id,
        leadId: it.lead_id,
        data: { clock: it.kind },
      }
      await recordEvent(tx, { ...event, text: breachWords(it.kind) })
      tx.changed('interaction', it.person_id)
    } else {
      tx.announce('sla.warning', { ...about, percent })
    }
    const another = it.kind === 'owned' || it.kind === 'first_contact'
    if (another && (await ladder.passesOn(tx, it.tier, percent))) await passOn(tx, it.lead_id, now)
    tx.changed('lead', it.person_id)
  }
  return due.length
}

function breachWords(kind: ClockKind): string {
  switch (kind) {
    case 'owned':
      return 'Nobody took it in time'
    case 'first_contact':
      return 'First answer is late'
    case 'second_touch':
      return 'Second try is late'
    case 'next_reply':
      return 'Reply is late'
    case 'speed_of_answer':
      return 'Nobody took the call in time'
    default:
      return missingCase(kind)
  }
}

async function wakeSnoozed(tx: WriteStore, now: number, clocks: SlaTimerDeps['clocks']): Promise<number> {
  const due = await tx.db
    .selectFrom('lead')
    .select(['id', 'person_id', 'snoozed_until'])
    .where('status', '=', 'open')
    .where('snoozed_until', '<=', now)
    .orderBy('snoozed_until')
    .limit(atOnce)
    .execute()
  for (const lead of due) {
    await wakeLead(tx, lead, { at: lead.snoozed_until ?? now, text: 'Back from snooze' }, clocks)
  }
  return due.length
}
