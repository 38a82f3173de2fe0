import { describe, expect, test } from 'vitest'
import { minute } from '../../../src/lib/durations.ts'
import { inboundMail, inboundText } from '../../fakes/inbound.ts'
import { openFirstWorld } from './first-world.ts'

type World = Awaited<ReturnType<typeof openFirstWorld>>

/** Everything that a call can move, without what a taken-back event leaves behind. */
async function stateOf({ store }: World) {
  const { db } = store.read
  return {
    leads: await db.selectFrom('lead').selectAll().execute(),
    clocks: await db.selectFrom('clock').selectAll().execute(),
    tasks: await db.selectFrom('task').select(['id', 'done_at', 'ended_by', 'done_by']).execute(),
    handles: await db.selectFrom('handle').select(['value', 'valid', 'opted_out_at']).execute(),
    interactions: await db.selectFrom('interaction').select('id').execute(),
    told: await db.selectFrom('event').select('text').where('undone_at', 'is', null).where('text', '!=', '').execute(),
  }
}

describe('a call logged by mistake', () => {
  // Spoke, wrong number, "do not call".
  test.each([1, 8, 9])('with outcome %i is taken back with all that it changed', async (outcome) => {
    const it = await openFirstWorld()
    await it.comes(inboundText())
    await it.clock.advance(minute)
    const before = await stateOf(it)
    const call = { personId: 1, direction: 'out', outcome, note: 'Wants oak' } as const
    const { interactionId } = await it.call('contact.logCall', call)
    expect(await stateOf(it)).not.toEqual(before)
    await it.clock.advance(minute)
    await it.call('contact.takeBackCall', { interactionId })
    expect(await stateOf(it)).toEqual(before)
    await expect(it.call('contact.takeBackCall', { interactionId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const standing = it.store.read.db.selectFrom('event').select('type').where('undone_at', 'is', null)
    expect(await standing.where('type', 'in', ['call.outcome', 'call.logged']).execute()).toEqual([])
  })

  test('is taken back with the call that was promised in it', async () => {
    const it = await openFirstWorld()
    await it.comes(inboundText())
    const call = {
      personId: 1,
      direction: 'in',
      outcome: 5,
      note: '',
      callBackAt: it.clock.now() + 30 * minute,
    } as const
    const { interactionId } = await it.call('contact.logCall', call)
    expect((await it.tasks()).filter((task) => task.doneAt === null)).toHaveLength(1)
    await it.call('contact.takeBackCall', { interactionId })
    expect((await it.tasks()).filter((task) => task.doneAt === null)).toMatchObject([{ origin: 'rule' }])
  })

  test('leaves alone what they wrote since', async () => {
    const it = await openFirstWorld()
    await it.comes(inboundMail())
    await it.clock.advance(minute)
    const call = { personId: 1, direction: 'out', outcome: 1, note: '' } as const
    const { interactionId } = await it.call('contact.logCall', call)
    await it.clock.advance(minute)
    const more = { messageId: 'second@ana.example', text: 'One more thing: when can you come?' }
    await it.comes(inboundMail(more, { externalId: 'm2', at: it.clock.now() }))
    await it.call('contact.takeBackCall', { interactionId })
    const { clocks } = await stateOf(it)
    expect(clocks.filter((clock) => clock.state === 'running').length).toBeGreaterThan(0)
    expect(clocks.some((clock) => clock.stopped_by === interactionId)).toBe(false)
  })

  test('stays when it answered what came to light since: its outcome can be changed', async () => {
    const it = await openFirstWorld()
    const asked = it.clock.now()
    await it.comes(inboundMail({}, { at: asked }))
    await it.clock.advance(minute)
    const call = { personId: 1, direction: 'out', outcome: 1, note: '' } as const
    const { interactionId } = await it.call('contact.logCall', call)
    await it.comes(inboundMail({ messageId: 'late@ana.example', text: 'When?' }, { externalId: 'm2', at: asked + 1 }))
    await expect(it.call('contact.takeBackCall', { interactionId })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await it.store.read.db.selectFrom('call').select('outcome').execute()).toEqual([{ outcome: 1 }])
  })

  test('is no way to remove a call that the network knows of', async () => {
    const it = await openFirstWorld()
    await it.comes(inboundText())
    const { interactionId } = await it.call('contact.logCall', { personId: 1, direction: 'out', outcome: 1, note: '' })
    await it.store.write((tx) => tx.db.updateTable('call').set({ manual: 0 }).execute())
    await expect(it.call('contact.takeBackCall', { interactionId })).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })
})
