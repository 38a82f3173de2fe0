import { describe, expect, onTestFinished, test } from 'vitest'
import { refusalOf } from '../../../src/contact/refusal.ts'
import { minute } from '../../../src/lib/durations.ts'
import { tuesdayMorning as start } from '../../fakes/fake-clock.ts'
import { inboundText } from '../../fakes/inbound.ts'
import { openCaptureWorld } from './capture-world.ts'

const ana = '+14155550187'

async function world() {
  const opened = await openCaptureWorld()
  onTestFinished(() => opened.store.close())
  let count = 0
  const says = async (body: string, more: object = {}) => {
    count += 1
    await opened.clock.advance(minute)
    await opened.take(inboundText({ body }, { externalId: `SM${count}`, at: opened.clock.now(), ...more }))
  }
  return { ...opened, says, refusal: () => refusalOf(opened.store.read, 'sms', ana, 1) }
}

describe('a text that says STOP', () => {
  test.each(['STOP', 'stop.', ' Stop! ', 'UNSUBSCRIBE', 'Opt-out', '🛑 stop'])(
    '%s: no text leaves any more',
    async (word) => {
      const { says, refusal, events } = await world()
      await says('Hello?')
      expect(await refusal()).toBeNull()
      await says(word)
      expect(await refusal()).toContain('asked not to get texts')
      expect(await events()).toContain('Wants no more texts')
    },
  )

  test('is no question: no clock starts, and of a stranger it makes no lead', async () => {
    const { says, leads, people } = await world()
    await says('STOP')
    expect(await leads()).toEqual([])
    expect(await people()).toHaveLength(1)
  })

  test.each(['Please stop by at five', 'I want to cancel my order', 'The end', 'non-stop'])(
    '%s does not',
    async (body) => {
      const { says, refusal, leads } = await world()
      await says(body)
      expect(await refusal()).toBeNull()
      expect(await leads()).toHaveLength(1)
    },
  )

  test('is believed from before the account was connected, too, and the last word counts', async () => {
    const { says, refusal } = await world()
    await says('stop', { history: true })
    expect(await refusal()).not.toBeNull()
    await says('START', { history: true })
    expect(await refusal()).toBeNull()
  })
})

test('START takes it back, as we say it does', async () => {
  const { says, refusal, events, store } = await world()
  await says('Hello?')
  // Twilio said so when we texted (21610).
  await store.write(({ db }) => db.updateTable('handle').set({ opted_out_at: start }).execute())
  expect(await refusal()).toContain('they can text START')
  await says('Start')
  expect(await refusal()).toBeNull()
  expect(await events()).toContain('Wants texts again')
})
