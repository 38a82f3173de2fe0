import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Outbound, SendOutcome } from '../../../src/channels/channel.ts'
import { type Clocks, makeClocks } from '../../../src/contact/clocks.ts'
import { makeLadder, markSeen, unmute } from '../../../src/contact/ladder.ts'
import { defaultLadder, readLadder, saveLadder } from '../../../src/contact/ladder-settings.ts'
import { type MemberTexts, makeMemberTexts } from '../../../src/contact/member-texts.ts'
import { makeSlaTimer, type SlaTimer } from '../../../src/contact/sla-timer.ts'
import { hour, minute } from '../../../src/lib/durations.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { makeReadCalendars } from '../../../src/store/queries/calendars.ts'
import { type FakeClock, makeFakeClock, tuesdayMorning as start } from '../../fakes/fake-clock.ts'
import { openTestStore, type TestStore } from '../../fakes/test-store.ts'

let store: TestStore
let clock: FakeClock
let clocks: Clocks
let timer: SlaTimer
let passedOn: number[]
const closing = start + 7 * hour
const nextOpening = start + 23 * hour

beforeEach(async () => {
  store = openTestStore()
  clock = makeFakeClock()
  clocks = makeClocks({ clock })
  passedOn = []
  timer = newTimer()
  await store.set('business', { ...defaultSettings.business, zone: 'America/New_York' })
})
afterEach(async () => {
  await timer.stop()
  await store.close()
})

const newTimer = () =>
  makeSlaTimer({
    store,
    clock,
    log: silentLog,
    clocks,
    passOn: async (_tx, leadId) => {
      passedOn.push(leadId)
      return true
    },
    ladder: makeLadder(makeReadCalendars()),
  })
const said = () => store.announced('lead.alert').map((it) => `${it.name} ${it.percent}${it.again ? ' again' : ''}`)
const digests = () => store.announced('lead.digest')

/** An owned lead whose first answer runs around the clock: it falls due at night, too. */
const lead = async (name = 'Ana Lopez', more: { tier?: 'hot' | 'warm' | 'nurture'; ownerId?: number | null } = {}) => {
  const ownerId = more.ownerId === undefined ? await store.addMember('Dana') : more.ownerId
  const added = await store.addLead({ name, tier: more.tier ?? 'hot', ownerId })
  await store.write((tx) => clocks.opened(tx, added.leadId, clock.now()))
  return added
}
const dayAndNight = () =>
  store.set('slaExceptions', [
    {
      id: 'always',
      name: 'Day and night',
      when: { tiers: [], channels: [], stages: [], outsideHours: false },
      targets: { firstContactMs: 5 * minute },
      calendar: 'always',
    },
  ])
const onCall = (memberId: number) =>
  store.write((tx) => tx.db.updateTable('member').set({ calendar: 'always' }).where('id', '=', memberId).execute())

describe('in business hours', () => {
  test('a warm lead is announced at each step, once', async () => {
    await lead('Ana', { tier: 'warm' })
    await timer.start()
    await clock.advance(3 * hour)
    expect(said()).toEqual(['Ana 50', 'Ana 80', 'Ana 100'])
    const flags = store.announced('lead.alert').map(({ sound, notify }) => [sound, notify])
    expect(flags).toEqual([
      [false, true],
      [true, true],
      [true, true],
    ])
  })

  test('a hot one again every two minutes until somebody looks', async () => {
    const { personId } = await lead('Ana')
    await timer.start()
    await clock.advance(7 * minute)
    expect(said()).toEqual(['Ana 50', 'Ana 80', 'Ana 100', 'Ana 100 again'])
    await markSeen(store, personId, clock.now())
    await clock.advance(hour)
    expect(said()).toHaveLength(4)
  })

  test('seen before it is late: the next step is said all the same', async () => {
    const { personId } = await lead('Ana')
    await timer.start()
    await clock.advance(3 * minute)
    await markSeen(store, personId, clock.now())
    await clock.advance(2 * minute)
    expect(said()).toEqual(['Ana 50', 'Ana 80', 'Ana 100'])
  })

  test('an answer ends it', async () => {
    const { leadId } = await lead('Ana')
    await timer.start()
    await clock.advance(5 * minute)
    await store.write((tx) => clocks.closed(tx, leadId, clock.now()))
    await clock.advance(hour)
    expect(said()).toEqual(['Ana 50', 'Ana 80', 'Ana 100'])
  })

  test('a restart neither repeats nor forgets', async () => {
    await lead('Ana')
    await timer.start()
    await clock.advance(5 * minute)
    await timer.stop()
    timer = newTimer()
    await timer.start()
    await clock.advance(1)
    expect(said()).toHaveLength(3)
    await clock.advance(2 * minute)
    expect(said()).toEqual(['Ana 50', 'Ana 80', 'Ana 100', 'Ana 100 again'])
  })

  test('snoozed from the notification: said again when it is back', async () => {
    const { leadId } = await lead('Ana')
    await timer.start()
    await clock.advance(6 * minute)
    store.forget()
    const until = clock.now() + 15 * minute
    await store.write((tx) =>
      tx.db.updateTable('lead').set({ snoozed_until: until }).where('id', '=', leadId).execute(),
    )
    await clock.advance(15 * minute - 1)
    expect(said()).toEqual([])
    await clock.advance(1)
    expect(said()).toEqual(['Ana 100 again'])
  })

  test('steps that are switched off are silent; passing on is as it was chosen', async () => {
    const off = { sound: false, notify: false, text: false, passOn: false }
    const steps = { half: { ...off, passOn: true }, risk: off, late: off }
    await store.write((tx) =>
      saveLadder(tx, 'ladder', { ...defaultLadder, steps: { hot: steps, warm: steps, nurture: steps } }),
    )
    const { leadId } = await lead('Ana')
    await timer.start()
    await clock.advance(hour)
    expect(said()).toEqual([])
    expect(passedOn).toEqual([leadId])
  })

  test('muted: nothing until then; all at once when it is switched on again', async () => {
    const mutedUntil = start + hour
    await store.write((tx) => saveLadder(tx, 'alerts', { volume: 50, mutedUntil }))
    await lead('Ana')
    await timer.start()
    await clock.advance(30 * minute)
    expect(said()).toEqual([])
    await store.write(async (tx) => {
      await saveLadder(tx, 'alerts', { volume: 50, mutedUntil: null })
      await unmute(tx, mutedUntil, clock.now())
    })
    timer.nudge()
    await clock.advance(1)
    expect(said()).toEqual(['Ana 100'])
    expect((await readLadder(store.read)).alerts).toEqual({ volume: 50, mutedUntil: null })
  })
})

describe('at night', () => {
  test('nothing is said; at opening it is said once', async () => {
    await dayAndNight()
    await clock.advanceTo(closing + hour)
    await lead('Ana')
    await timer.start()
    await clock.advanceTo(nextOpening - 1)
    expect(said()).toEqual([])
    await clock.advance(1)
    expect(said()).toEqual(['Ana 100'])
  })

  test('many are told as one, the hottest by name', async () => {
    await dayAndNight()
    await clock.advanceTo(closing + hour)
    for (const name of ['Bo', 'Cy', 'Di']) await lead(name, { tier: 'warm' })
    const { leadId, personId } = await lead('Ana')
    await timer.start()
    await clock.advanceTo(nextOpening)
    expect(said()).toEqual([])
    expect(digests()).toMatchObject([
      { count: 4, late: 4, hottest: { leadId, personId, name: 'Ana' }, again: false, sound: true, notify: true },
    ])
    expect(digests()[0]?.since).toBe(closing + hour + 5 * minute)
    const leads = digests()[0]?.leads.map((it) => [it.name, it.percent])
    expect(leads?.[0]).toEqual(['Ana', 100])
    expect(leads).toHaveLength(4)
    await clock.advance(minute)
    expect(digests()).toHaveLength(1)
  })

  test('who is on call hears of their leads, the others’ wait', async () => {
    await dayAndNight()
    await clock.advanceTo(closing + hour)
    const dana = await store.addMember('Dana')
    await onCall(dana)
    await lead('Ana', { ownerId: dana })
    await lead('Bo')
    await timer.start()
    await clock.advance(5 * minute)
    expect(said()).toEqual(['Ana 50', 'Ana 80', 'Ana 100'])
  })

  test('on vacation nobody is on call', async () => {
    await dayAndNight()
    await clock.advanceTo(closing + hour)
    const dana = await store.addMember('Dana')
    await onCall(dana)
    await store.write((tx) =>
      tx.db
        .insertInto('absence')
        .values({ member_id: dana, starts_at: closing, ends_at: nextOpening, reason: '' })
        .execute(),
    )
    await lead('Ana', { ownerId: dana })
    await timer.start()
    await clock.advance(hour)
    expect(said()).toEqual([])
  })

  test('a computer that slept over many deadlines tells them as one', async () => {
    for (const name of ['Ana', 'Bo', 'Cy', 'Di', 'Ed']) await lead(name)
    await timer.start()
    await clock.sleep(hour)
    expect(said()).toEqual([])
    expect(digests()).toMatchObject([{ count: 5 }])
  })
})

describe('texts to the team', () => {
  let texts: MemberTexts
  let sent: Outbound[]
  let outcome: SendOutcome
  let there: boolean

  beforeEach(async () => {
    sent = []
    there = true
    outcome = { kind: 'sent', externalId: 'SM1', revision: '1' }
    await store.addAccount('twilio')
    texts = newTexts()
    await texts.start()
    await timer.start()
  })
  afterEach(() => texts.stop())

  const newTexts = () => {
    const send = async (outbound: Outbound) => {
      sent.push(outbound)
      return outcome
    }
    const channels = { of: () => (there ? { send } : null) } as unknown as Parameters<
      typeof makeMemberTexts
    >[0]['channels']
    return makeMemberTexts({ store, clock, log: silentLog, channels })
  }
  const dana = async () => {
    const id = await store.addMember('Dana', { mobile: '+14155550199' })
    await store.write((tx) => saveLadder(tx, 'ladder', { ...defaultLadder, textTo: [id] }))
    return id
  }
  const rows = () => store.read.db.selectFrom('member_text').select(['percent', 'state', 'problem']).execute()
  const run = async (ms: number) => {
    for (let left = ms; left > 0; left -= 30_000) {
      await clock.advance(Math.min(left, 30_000))
      texts.nudge()
      await clock.settle()
    }
  }

  test('the owner who wants them gets one a step, with the number to call', async () => {
    const { personId } = await lead('Ana', { ownerId: await dana() })
    await store.write((tx) =>
      tx.db
        .insertInto('handle')
        .values({ person_id: personId, kind: 'phone', value: '+14155550111', last_used_at: start, ...handleRest })
        .execute(),
    )
    await run(20 * minute)
    expect(sent).toEqual([
      expect.objectContaining({
        kind: 'sms',
        to: '+14155550199',
        body: 'Deskbell: Ana (hot) waits: 1 minute left. Call +14155550111.',
      }),
      expect.objectContaining({ body: 'Deskbell: Ana (hot) is late for an answer. Call +14155550111.' }),
    ])
    expect(await store.read.db.selectFrom('interaction').select('id').execute()).toEqual([])
  })

  test('nobody who did not ask for it, nobody off duty, no other owner', async () => {
    await dana()
    await lead('Ana', { ownerId: await store.addMember('Sam', { mobile: '+14155550198' }) })
    await run(10 * minute)
    expect(sent).toEqual([])
    await store.write((tx) => tx.db.updateTable('member').set({ on_duty: 0 }).execute())
    await lead('Bo', { ownerId: null })
    await run(10 * minute)
    expect(sent).toEqual([])
  })

  test('a lead that nobody took: whoever wants them and is there; two clocks are one reason', async () => {
    await dana()
    await lead('Ana', { ownerId: null })
    await run(20 * minute)
    expect((await rows()).map((it) => it.percent)).toEqual([80, 100])
  })

  test('what fell due at night wakes nobody, and is not texted hours later', async () => {
    await dayAndNight()
    await clock.advanceTo(closing + hour)
    await lead('Ana', { ownerId: await dana() })
    await clock.advanceTo(nextOpening + minute)
    expect(sent).toEqual([])
  })

  test('without a channel it waits, but not for ever', async () => {
    there = false
    await lead('Ana', { ownerId: await dana() })
    await run(4.5 * minute)
    expect(await rows()).toMatchObject([{ state: 'queued' }])
    await run(20 * minute)
    expect((await rows()).map((it) => it.state)).toEqual(['failed', 'failed'])
  })

  test('a refusal is kept in words and not repeated; an unfinished one is not sent twice', async () => {
    const error = {
      code: 'REFUSED',
      message: 'This number takes no texts.',
      fault: 'remote',
      retryable: false,
    } as const
    outcome = { kind: 'failed', error, retryAfterMs: 1000 }
    await lead('Ana', { ownerId: await dana() })
    await run(4.5 * minute)
    expect(await rows()).toEqual([{ percent: 80, state: 'failed', problem: 'This number takes no texts.' }])
    await store.write((tx) => tx.db.updateTable('member_text').set({ state: 'sending', problem: null }).execute())
    await texts.stop()
    texts = newTexts()
    await texts.start()
    expect(await rows()).toMatchObject([{ state: 'failed' }])
    expect(sent).toHaveLength(1)
  })
})

const handleRest = { label: null, created_at: start, valid: 1, consent: 'none', opted_out_at: null } as const
