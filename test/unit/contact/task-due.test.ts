import { describe, expect, test } from 'vitest'
import { saveLadder } from '../../../src/contact/ladder-settings.ts'
import { day, hour, minute } from '../../../src/lib/durations.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { inboundMail } from '../../fakes/inbound.ts'
import { openFirstWorld } from './first-world.ts'

/** Ana wrote; tasks of hers come due. */
async function open() {
  const it = await openFirstWorld()
  await it.comes(inboundMail())
  const add = async (words: string, dueAt: number, ownerId: number | null = null) =>
    (await it.call('tasks.add', { personId: 1, kind: 'todo', words, dueAt, ownerId })).taskId
  const said = () =>
    it.store.announced('task.due').map(({ words, count }) => (count === 1 ? words : `${count}: ${words}`))
  return { ...it, add, said }
}

describe('on a snoozed lead', () => {
  test('it wakes it, says why, and lets its deadlines run on', async () => {
    const it = await open()
    const at = it.clock.now()
    await it.add('Bring the samples', at + 2 * minute)
    await it.call('inbox.snooze', { leadIds: [1], until: at + day, keep: true })
    await it.clock.advance(2 * minute - 1)
    expect(await it.call('inbox.counts', {})).toMatchObject({ inbox: 0, snoozed: 1 })
    await it.clock.advance(1)
    expect(await it.call('inbox.counts', {})).toMatchObject({ inbox: 1, snoozed: 0 })
    expect(await it.told('lead.woke')).toEqual(['Back from snooze: it is time for “Bring the samples”'])
    const clocks = await it.store.read.db.selectFrom('clock').select(['state', 'paused_at']).execute()
    expect(clocks.filter((clock) => clock.state === 'running' && clock.paused_at !== null)).toEqual([])
    expect(it.said()).toEqual(['Bring the samples'])
  })

  test('it wakes nothing when it is done, and a lead that is snoozed after it sleeps on', async () => {
    const it = await open()
    const at = it.clock.now()
    const taskId = await it.add('Bring the samples', at + minute)
    await it.add('Measure', at + 2 * minute)
    await it.call('tasks.tick', { taskId, done: true })
    await it.call('inbox.snooze', { leadIds: [1], until: at + day })
    await it.clock.advance(minute)
    expect(await it.call('inbox.counts', {})).toMatchObject({ inbox: 0, snoozed: 1 })
    await it.clock.advance(minute)
    expect(await it.call('inbox.counts', {})).toMatchObject({ inbox: 1, snoozed: 0 })
    await it.call('inbox.snooze', { leadIds: [1], until: at + day })
    await it.clock.advance(minute)
    expect(await it.call('inbox.counts', {})).toMatchObject({ inbox: 0, snoozed: 1 })
    expect(it.said()).toEqual(['Measure'])
  })
})

describe('it is said', () => {
  test('when the silence is over', async () => {
    const it = await open()
    const mutedUntil = it.clock.now() + 5 * minute
    await it.store.write((tx) => saveLadder(tx, 'alerts', { volume: 70, mutedUntil }))
    await it.add('Measure', it.clock.now() + minute)
    await it.clock.advanceTo(mutedUntil - 1)
    expect((await it.lead()).task_due_at).not.toBeNull()
    expect(it.said()).toEqual([])
    await it.clock.advanceTo(mutedUntil)
    expect(it.said()).toEqual(['Measure'])
    await it.clock.advance(5 * minute)
    expect(it.said()).toEqual(['Measure'])
  })

  test('when the business opens if it came due before, unless it was ticked off', async () => {
    const it = await open()
    // There it is eight in the morning, an hour before they open.
    await it.store.set('business', { ...defaultSettings.business, zone: 'America/Denver' })
    const opens = it.clock.now() + hour
    const due = opens - 50 * minute
    const ticked = await it.add('Call the plumber', due)
    await it.add('Measure', due)
    await it.clock.advanceTo(opens - 1)
    expect((await it.lead()).task_due_at).toBe(due)
    expect(it.said()).toEqual([])
    await it.call('tasks.tick', { taskId: ticked, done: true })
    await it.clock.advanceTo(opens)
    expect(it.said()).toEqual(['Measure'])
  })

  test('to whom it belongs: somebody else hears of it when they sit down here', async () => {
    const it = await open()
    const sam = await it.store.addMember('Sam')
    await it.add('Of Sam', it.clock.now() + minute, sam)
    await it.add('Of the owner', it.clock.now() + minute)
    await it.clock.advance(2 * minute)
    expect(it.said()).toEqual(['Of the owner'])
    await it.store.set('me', sam)
    await it.clock.advance(minute)
    expect(it.said()).toEqual(['Of the owner', 'Of Sam'])
  })

  test('of more than a few at once as one, and anew when it gets another time', async () => {
    const it = await open()
    const at = it.clock.now()
    const ids = []
    for (const words of ['One', 'Two', 'Three', 'Four']) ids.push(await it.add(words, at + minute + ids.length))
    await it.store.write((tx) => saveLadder(tx, 'alerts', { volume: 70, mutedUntil: at + 2 * minute }))
    await it.clock.advance(2 * minute)
    expect(it.said()).toEqual(['4: One'])
    await it.call('tasks.edit', { taskId: ids[1] ?? 0, dueAt: it.clock.now() + minute })
    await it.clock.advance(minute)
    expect(it.said()).toEqual(['4: One', 'Two'])
  })
})
