import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Clocks, makeClocks } from '../../../src/contact/clocks.ts'
import { hour, minute } from '../../../src/lib/durations.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { type FakeClock, makeFakeClock, tuesdayMorning as start } from '../../fakes/fake-clock.ts'
import { openTestStore, type TestStore } from '../../fakes/test-store.ts'

let store: TestStore
let clock: FakeClock
let clocks: Clocks

beforeEach(async () => {
  store = openTestStore()
  clock = makeFakeClock()
  clocks = makeClocks({ clock })
  await store.set('business', { ...defaultSettings.business, zone: 'America/New_York' })
})
afterEach(() => store.close())

const clocksOf = (leadId: number) =>
  store.read.db.selectFrom('clock').selectAll().where('lead_id', '=', leadId).orderBy('id').execute()
const leadOf = (leadId: number) =>
  store.read.db.selectFrom('lead').selectAll().where('id', '=', leadId).executeTakeFirstOrThrow()
const opened = async (more: Parameters<TestStore['addLead']>[0] = {}) => {
  const { leadId, personId } = await store.addLead(more)
  await store.write((tx) => clocks.opened(tx, leadId, start))
  return { leadId, personId }
}
const written = (leadId: number, personId: number, at: number) =>
  store.write(async ({ db }) => {
    const values = {
      person_id: personId,
      lead_id: leadId,
      channel: 'email',
      direction: 'out',
      at,
      automatic: 0,
    } as const
    const { id } = await db
      .insertInto('interaction')
      .values({
        ...values,
        account_id: null,
        author_id: null,
        subject: '',
        text: 'Hi',
        quoted: null,
        delivery: 'sent',
        problem: null,
        created_at: at,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return id
  })
const answer = async (leadId: number, personId: number, at: number, human = true) => {
  const interactionId = await written(leadId, personId, at)
  await store.write((tx) => clocks.answered(tx, leadId, { at, interactionId, human }))
  return interactionId
}

describe('a lead is opened', () => {
  test('hot: owned in 1 and answered in 5 minutes, warned at 50 %, at risk at 80 %', async () => {
    const { leadId } = await opened({ tier: 'hot' })
    const [owned, contact] = await clocksOf(leadId)
    expect(owned).toMatchObject({ kind: 'owned', started_at: start, due_at: start + minute, state: 'running' })
    expect(contact).toMatchObject({
      kind: 'first_contact',
      warn_at: start + 2.5 * minute,
      risk_at: start + 4 * minute,
      due_at: start + 5 * minute,
      next_at: start + 2.5 * minute,
      announced: 0,
    })
  })
  test('warm: 15 and 30 minutes', async () => {
    const { leadId } = await opened({ tier: 'warm' })
    expect((await clocksOf(leadId)).map((it) => it.due_at - start)).toEqual([15 * minute, 30 * minute])
  })
  test('nurture: nobody owes anything', async () => {
    const { leadId } = await opened({ tier: 'nurture' })
    expect(await clocksOf(leadId)).toEqual([])
  })
  test('with an owner already: nobody has to take it', async () => {
    const ownerId = await store.addMember('Dana')
    const { leadId } = await opened({ ownerId })
    expect((await clocksOf(leadId)).map((it) => it.kind)).toEqual(['first_contact'])
  })
  test('on Friday at 16:58: due on Monday, two minutes before the close and three after the opening', async () => {
    const friday = Date.UTC(2026, 2, 6, 21, 58)
    const { leadId } = await store.addLead()
    await store.write((tx) => clocks.opened(tx, leadId, friday))
    // The clocks change on Sunday the 8th, so Monday 9:00 is 13:00 UTC and no longer 14:00.
    expect((await clocksOf(leadId))[1]?.due_at).toBe(Date.UTC(2026, 2, 9, 13, 3))
  })
})

describe('it gets an owner', () => {
  test('in time', async () => {
    const { leadId } = await opened()
    const ownerId = await store.addMember('Dana')
    await store.write(async (tx) => {
      await tx.db.updateTable('lead').set({ owner_id: ownerId }).where('id', '=', leadId).execute()
      await clocks.owned(tx, leadId, start + 30_000)
    })
    const [owned, contact] = await clocksOf(leadId)
    expect(owned).toMatchObject({ state: 'met', stopped_at: start + 30_000, stopped_by: null, next_at: null })
    expect(contact?.state).toBe('running')
  })
  test('too late', async () => {
    const { leadId } = await opened()
    const ownerId = await store.addMember('Dana')
    await store.write(async (tx) => {
      await tx.db.updateTable('lead').set({ owner_id: ownerId }).where('id', '=', leadId).execute()
      await clocks.owned(tx, leadId, start + 2 * minute)
    })
    expect((await clocksOf(leadId))[0]?.state).toBe('missed')
  })
  test('and loses it: owned runs again from then', async () => {
    const ownerId = await store.addMember('Dana')
    const { leadId } = await opened({ ownerId })
    await store.write(async (tx) => {
      await tx.db.updateTable('lead').set({ owner_id: null }).where('id', '=', leadId).execute()
      await clocks.owned(tx, leadId, start + hour)
      await clocks.owned(tx, leadId, start + hour)
    })
    const owned = (await clocksOf(leadId)).filter((it) => it.kind === 'owned')
    expect(owned).toHaveLength(1)
    expect(owned[0]).toMatchObject({ started_at: start + hour, due_at: start + hour + minute })
  })
})

describe('we answer', () => {
  test('in time: met, by that interaction', async () => {
    const { leadId, personId } = await opened()
    const interactionId = await answer(leadId, personId, start + 5 * minute)
    const [, contact] = await clocksOf(leadId)
    expect(contact).toMatchObject({
      state: 'met',
      stopped_at: start + 5 * minute,
      stopped_by: interactionId,
      next_at: null,
    })
    expect((await leadOf(leadId)).first_human_at).toBe(start + 5 * minute)
  })
  test('too late: missed', async () => {
    const { leadId, personId } = await opened()
    await answer(leadId, personId, start + 5 * minute + 1)
    expect((await clocksOf(leadId)).slice(0, 2)).toMatchObject([
      { state: 'missed', decided_state: 'missed', decided_due_at: start + minute },
      { state: 'missed', decided_state: 'missed', decided_due_at: start + 5 * minute },
    ])
  })
  test('automatically: recorded, and the clock runs on', async () => {
    const { leadId, personId } = await opened()
    await answer(leadId, personId, start + 1000, false)
    expect((await clocksOf(leadId)).every((it) => it.state === 'running')).toBe(true)
    expect(await leadOf(leadId)).toMatchObject({ first_auto_at: start + 1000, first_human_at: null })
  })
  test('before they asked: that is no answer', async () => {
    const { leadId, personId } = await opened()
    await answer(leadId, personId, start - minute)
    expect((await clocksOf(leadId)).every((it) => it.state === 'running')).toBe(true)
  })
  test('the first answer stays the first, in whatever order they become known', async () => {
    const { leadId, personId } = await opened()
    await answer(leadId, personId, start + 3 * minute)
    await answer(leadId, personId, start + 2 * minute)
    await answer(leadId, personId, start + 9 * minute)
    expect((await leadOf(leadId)).first_human_at).toBe(start + 2 * minute)
  })
})

describe('done at once after the answer was written', () => {
  test('while it still waited for its undo window: the answer counts, in time', async () => {
    const { leadId, personId } = await opened()
    const interactionId = await written(leadId, personId, start + minute)
    await store.write((tx) => clocks.closed(tx, leadId, start + minute + 2000))
    expect((await clocksOf(leadId)).map((it) => it.state)).toEqual(['cancelled', 'cancelled'])
    await store.write((tx) => clocks.answered(tx, leadId, { at: start + minute + 10_000, interactionId, human: true }))
    expect(await clocksOf(leadId)).toMatchObject([
      { kind: 'owned', state: 'missed' },
      { kind: 'first_contact', state: 'met', stopped_at: start + minute + 10_000, stopped_by: interactionId },
      { kind: 'second_touch', state: 'running' },
    ])
  })

  test('an answer that was written later revives nothing', async () => {
    const { leadId, personId } = await opened()
    await store.write((tx) => clocks.closed(tx, leadId, start + minute))
    await answer(leadId, personId, start + 2 * minute)
    expect((await clocksOf(leadId)).map((it) => it.state)).toEqual(['cancelled', 'cancelled'])
  })
})

describe('they write again', () => {
  test('before the first answer: the first clock goes on, no second one', async () => {
    const { leadId } = await opened()
    await store.write((tx) => clocks.asked(tx, leadId, start + minute))
    expect((await clocksOf(leadId)).map((it) => it.kind)).toEqual(['owned', 'first_contact'])
  })
  test('after it: next_reply from their first unanswered message', async () => {
    const { leadId, personId } = await opened()
    await answer(leadId, personId, start + minute)
    await store.write((tx) => clocks.asked(tx, leadId, start + 10 * minute))
    await store.write((tx) => clocks.asked(tx, leadId, start + 12 * minute))
    const next = (await clocksOf(leadId)).filter((it) => it.kind === 'next_reply')
    expect(next).toHaveLength(1)
    expect(next[0]).toMatchObject({ started_at: start + 10 * minute, due_at: start + 25 * minute })
  })
})

describe('tier or policy changes', () => {
  test('warm becomes hot: shorter deadline from the old start, and no warning twice', async () => {
    const { leadId } = await opened({ tier: 'warm' })
    await store.write(async (tx) => {
      await tx.db.updateTable('clock').set({ announced: 50 }).where('kind', '=', 'first_contact').execute()
      await tx.db.updateTable('lead').set({ tier: 'hot' }).where('id', '=', leadId).execute()
      await clocks.retargeted(tx, leadId)
    })
    const [, contact] = await clocksOf(leadId)
    expect(contact).toMatchObject({
      started_at: start,
      target_ms: 5 * minute,
      due_at: start + 5 * minute,
      next_at: start + 4 * minute,
    })
  })
  test('hot becomes nurture: nothing is owed any more', async () => {
    const { leadId } = await opened()
    await store.write(async (tx) => {
      await tx.db.updateTable('lead').set({ tier: 'nurture' }).where('id', '=', leadId).execute()
      await clocks.retargeted(tx, leadId)
    })
    expect((await clocksOf(leadId)).map((it) => it.state)).toEqual(['cancelled', 'cancelled'])
  })
  test('nurture becomes hot: the time starts now', async () => {
    const { leadId } = await opened({ tier: 'nurture' })
    await clock.advance(hour)
    await store.write(async (tx) => {
      await tx.db.updateTable('lead').set({ tier: 'hot' }).where('id', '=', leadId).execute()
      await clocks.retargeted(tx, leadId)
      await clocks.asked(tx, leadId, start + hour)
    })
    expect((await clocksOf(leadId)).map((it) => [it.kind, it.started_at])).toEqual([
      ['owned', start + hour],
      ['first_contact', start + hour],
    ])
  })
  test('new hours in the settings count at once', async () => {
    const { leadId } = await opened()
    await store.set('business', { ...defaultSettings.business, hours: [{ weekday: 3, from: 600, to: 1080 }] })
    await store.write((tx) => clocks.retargeted(tx, leadId))
    expect((await clocksOf(leadId))[1]?.due_at).toBe(Date.UTC(2026, 2, 4, 10, 5))
  })
})

describe('the second try', () => {
  const second = async (leadId: number) => (await clocksOf(leadId)).filter((it) => it.kind === 'second_touch')
  test('runs from the first answer, a working day long', async () => {
    const { leadId, personId } = await opened()
    await answer(leadId, personId, start + minute)
    expect(await second(leadId)).toMatchObject([{ state: 'running', started_at: start + minute }])
    expect((await second(leadId))[0]?.due_at).toBe(start + minute + 24 * hour)
  })
  test('a second mail at once completes the first; one an hour later is the second try', async () => {
    const { leadId, personId } = await opened()
    await answer(leadId, personId, start + minute)
    await answer(leadId, personId, start + 3 * minute)
    expect(await second(leadId)).toMatchObject([{ state: 'running' }])
    await answer(leadId, personId, start + hour)
    expect(await second(leadId)).toMatchObject([{ state: 'met', stopped_at: start + hour }])
  })
  test('is not needed when they react, nor after a call that came through', async () => {
    const { leadId, personId } = await opened()
    await answer(leadId, personId, start + minute)
    await store.write((tx) => clocks.asked(tx, leadId, start + hour))
    expect(await second(leadId)).toMatchObject([{ state: 'cancelled' }])
    const other = await opened()
    const interactionId = await written(other.leadId, other.personId, start + minute)
    await store.write(async (tx) => {
      await tx.db.updateTable('interaction').set({ channel: 'call' }).where('id', '=', interactionId).execute()
      await clocks.answered(tx, other.leadId, { at: start + minute, interactionId, human: true })
    })
    expect(await second(other.leadId)).toEqual([])
  })
})

describe('a call rings', () => {
  test.each([
    [10_000, 'met'],
    [21_000, 'missed'],
    [null, 'missed'],
  ] as const)('picked up after %s ms: %s', async (after, state) => {
    const { leadId, personId } = await store.addLead()
    const interactionId = await written(leadId, personId, start)
    const ring = { at: start, answeredAt: after === null ? null : start + after, interactionId }
    await store.write((tx) => clocks.rang(tx, leadId, ring))
    await store.write((tx) => clocks.rang(tx, leadId, ring))
    expect(await clocksOf(leadId)).toMatchObject([{ kind: 'speed_of_answer', state, decided_state: state }])
  })
})

describe('standing still', () => {
  test('a snoozed lead has as much time left when it is back', async () => {
    const { leadId } = await opened()
    await store.write((tx) => clocks.paused(tx, leadId, start + 30_000, 'snoozed'))
    expect((await clocksOf(leadId)).every((it) => it.next_at === null)).toBe(true)
    await store.write((tx) => clocks.resumed(tx, leadId, start + hour, 'waiting'))
    await store.write((tx) => clocks.resumed(tx, leadId, start + 2 * hour, 'snoozed'))
    expect((await clocksOf(leadId)).map((it) => it.due_at)).toEqual([
      start + 2 * hour + 30_000,
      start + 2 * hour + 4.5 * minute,
    ])
  })
  test('nights do not count twice: paused over the night, the rest is left in the morning', async () => {
    const { leadId } = await opened({ tier: 'warm' })
    await store.write((tx) => clocks.paused(tx, leadId, start + 10 * minute, 'waiting'))
    await store.write((tx) => clocks.resumed(tx, leadId, start + 24 * hour))
    expect((await clocksOf(leadId))[1]?.due_at).toBe(start + 24 * hour + 20 * minute)
  })
  test('what is late stays late', async () => {
    const { leadId } = await opened()
    await store.write((tx) => clocks.paused(tx, leadId, start + 2 * minute, 'snoozed'))
    expect((await clocksOf(leadId)).map((it) => it.paused_at)).toEqual([null, start + 2 * minute])
  })
  test('a message of theirs ends it', async () => {
    const { leadId } = await opened()
    await store.write((tx) => clocks.paused(tx, leadId, start, 'waiting'))
    await store.write((tx) => clocks.asked(tx, leadId, start + hour))
    expect((await clocksOf(leadId)).map((it) => it.paused_at)).toEqual([null, null])
  })
})

describe('exceptions and calendars', () => {
  const chat = async (leadId: number, personId: number) => {
    const interactionId = await written(leadId, personId, start)
    await store.write(({ db }) =>
      db.updateTable('interaction').set({ channel: 'chat', direction: 'in' }).where('id', '=', interactionId).execute(),
    )
  }
  test('a chat is answered within 30 seconds', async () => {
    const { leadId, personId } = await store.addLead({ tier: 'warm' })
    await chat(leadId, personId)
    await store.write((tx) => clocks.opened(tx, leadId, start))
    expect(await clocksOf(leadId)).toMatchObject([
      { kind: 'owned', target_ms: 30_000, policy: 'chat', channel: 'chat' },
      { kind: 'first_contact', target_ms: 30_000, policy: 'chat', calendar: 'business' },
    ])
  })
  test('what comes at night, on a calendar that is always open', async () => {
    await store.set('slaExceptions', [
      {
        id: 'night',
        name: 'On call',
        when: { tiers: ['hot'], channels: [], stages: [], outsideHours: true },
        targets: { ownedMs: 30 * minute },
        calendar: 'always',
      },
    ])
    const night = start + 12 * hour
    const { leadId } = await store.addLead()
    await store.write((tx) => clocks.opened(tx, leadId, night))
    expect(await clocksOf(leadId)).toMatchObject([
      { kind: 'owned', due_at: night + 30 * minute, calendar: 'always', policy: 'night' },
      { kind: 'first_contact', calendar: 'business', policy: '' },
    ])
  })
  test('a holiday entered later changes the verdict, and what was decided stays', async () => {
    const { leadId, personId } = await opened()
    await answer(leadId, personId, start + hour)
    const days = { holidays: null, dates: [{ date: '2026-03-03', name: 'Storm', hours: [] }], feed: null }
    await store.set('business', { ...defaultSettings.business, zone: 'America/New_York', days })
    await store.write((tx) => clocks.recalculated(tx))
    expect((await clocksOf(leadId))[1]).toMatchObject({
      state: 'met',
      decided_state: 'missed',
      decided_due_at: start + 5 * minute,
    })
  })
})

test('“thanks!” asks nothing', async () => {
  const { leadId, personId } = await opened()
  await answer(leadId, personId, start + minute)
  const heard = async (text: string, at: number) => {
    const interactionId = await written(leadId, personId, at)
    await store.write(async (tx) => {
      await tx.db.updateTable('interaction').set({ direction: 'in', text }).where('id', '=', interactionId).execute()
      await clocks.asked(tx, leadId, at)
    })
  }
  await heard('Thanks a lot! 👍', start + hour)
  expect((await clocksOf(leadId)).some((it) => it.state === 'running')).toBe(false)
  await heard('Thanks. And what does it cost?', start + 2 * hour)
  expect((await clocksOf(leadId)).filter((it) => it.state === 'running')).toMatchObject([{ kind: 'next_reply' }])
})

test('done: everything freezes', async () => {
  const { leadId } = await opened()
  await store.write((tx) => clocks.closed(tx, leadId, start + minute))
  expect(await clocksOf(leadId)).toMatchObject([
    { state: 'cancelled', stopped_at: start + minute, next_at: null },
    { state: 'cancelled', stopped_at: start + minute, next_at: null },
  ])
})
