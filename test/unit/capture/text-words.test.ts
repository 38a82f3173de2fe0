import { describe, expect, onTestFinished, test } from 'vitest'
import { refusalOf } from '../../../src/contact/refusal.ts'
import { minute } from '../../../src/lib/durations.ts'
import { tuesdayMorning as start } from '../../fakes/fake-clock.ts'
import { inboundMail, inboundText } from '../../fakes/inbound.ts'
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
  test.each([
    ...['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT', 'ARRET', 'ARRETE', 'ARRETT'],
    ...['stop.', ' Stop! ', 'Opt-out', '🛑 stop', 'Arrêt', 'ARRÊTE', 'Stop all', 'STOP STOP stop!!'],
  ])('%s: no text leaves any more', async (word) => {
    const { says, refusal, events } = await world()
    await says('Hello?')
    expect(await refusal()).toBeNull()
    await says(word)
    expect(await refusal()).toContain('asked not to get texts')
    expect(await events()).toContain('Wants no more texts')
  })

  test('is no question: no clock starts, and of a stranger it makes no lead', async () => {
    const { says, leads, people } = await world()
    await says('STOP')
    expect(await leads()).toEqual([])
    expect(await people()).toHaveLength(1)
  })

  test.each([
    ...['Please stop by at five', 'I want to cancel my order', 'The end', 'non-stop', 'HELP', 'INFO'],
    ...['I gave you the wrong number, mine ends in 12', 'Don’t call me before nine', 'Please do not text me before 9'],
    ...[
      'Can you remove me an old boiler?',
      'Can you stop the leak?',
      'no more leaks please',
      'Quit my job, call any time',
    ],
  ])('%s does not', async (body) => {
    const { says, refusal, leads } = await world()
    await says(body)
    expect(await refusal()).toBeNull()
    expect(await leads()).toHaveLength(1)
  })

  test('is believed from before the account was connected, too, and the last word counts', async () => {
    const { says, refusal } = await world()
    await says('stop', { history: true })
    expect(await refusal()).not.toBeNull()
    await says('START', { history: true })
    expect(await refusal()).toBeNull()
  })
})

describe('a sentence that means STOP', () => {
  test.each([
    ...['please stop', 'Stop please', 'STOP texting me!', 'Please stop sending me messages', 'stop it', 'Ok stop'],
    ...['remove me', 'Remove me from your list', 'take me off this list please', 'Delete my number', 'Opt me out'],
    ...['no más', 'No mas mensajes por favor', 'wrong person', 'Sorry, wrong number', 'You have the wrong number'],
    ...['do not text me again', 'Don’t contact me', 'no more texts', 'Please unsubscribe', 'leave me alone'],
    ...['deje de escribirme', 'Arrêtez de m’écrire'],
  ])('%s: no text leaves any more, and somebody looks at it', async (body) => {
    const { says, refusal, events, leads } = await world()
    await says('Hello?')
    await says(body)
    expect(await refusal()).toContain('asked not to get texts')
    expect(await events()).toContainEqual(expect.stringContaining('Seems to want no more texts'))
    expect(await leads()).toHaveLength(1)
  })

  test('does not keep a real STOP from being one, and START takes either back', async () => {
    const { says, refusal } = await world()
    await says('wrong person')
    await says('START')
    expect(await refusal()).toBeNull()
    await says('no mas')
    await says('unstop')
    expect(await refusal()).toBeNull()
  })
})

test.each(['START', 'Yes', 'UNSTOP'])('%s takes STOP back', async (word) => {
  const { says, refusal } = await world()
  await says('STOP')
  await says(word)
  expect(await refusal()).toBeNull()
})

test('STOP by WhatsApp is one, a chat can say what it likes', async () => {
  const { take, says, refusal } = await world()
  await says('Hello?')
  await take(inboundText({ body: 'stop', service: 'chat' }, { externalId: 'chat-1' }))
  expect(await refusal()).toBeNull()
  await take(inboundText({ body: 'stop', service: 'whatsapp' }, { externalId: 'SM99' }))
  expect(await refusal()).not.toBeNull()
})

test('a mail with the subject of our unsubscribe address: no more mail, no lead', async () => {
  const { take, leads, store, events } = await world()
  const refusal = () => refusalOf(store.read, 'email', 'ana@lopez-home.example', 1)
  await take(inboundMail({ subject: 'Re: unsubscribe from what?', messageId: 'm1@x' }))
  expect(await refusal()).toBeNull()
  const before = (await leads()).length
  await take(inboundMail({ subject: 'Unsubscribe', text: '', messageId: 'm2@x', robot: 'bulk' }))
  expect(await refusal()).toContain('asked not to get mail')
  expect(await events()).toContain('Wants no more mail')
  expect(await leads()).toHaveLength(before)
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
