import { describe, expect, onTestFinished, test } from 'vitest'
import { optOutEmail } from '../../../src/contact/opt-out.ts'
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

describe('clocks of somebody who wants no more', () => {
  const running = async ({ db }: Awaited<ReturnType<typeof world>>) =>
    (await db.selectFrom('clock').select('pause_reason').where('state', '=', 'running').execute()).map(
      (it) => it.pause_reason,
    )
  const unpaused = (list: readonly (string | null)[]) => list.length > 0 && list.every((it) => it === null)

  test('stand still after STOP, run on after START', async () => {
    const it = await world()
    await it.says('How much is a new kitchen?')
    expect(unpaused(await running(it))).toBe(true)
    await it.says('STOP')
    expect([...new Set(await running(it))]).toEqual(['opted_out'])
    expect((await it.leads())[0]?.clock_kind).toBeNull()
    await it.says('START')
    expect(unpaused(await running(it))).toBe(true)
    expect((await it.leads())[0]?.clock_kind).not.toBeNull()
  })

  test('run on while a mail can still be answered, until that is refused, too', async () => {
    const it = await world()
    await it.says('How much is a new kitchen?')
    await it.store.write((tx) =>
      tx.db
        .insertInto('handle')
        .values({
          person_id: 1,
          kind: 'email',
          value: 'ana@lopez-home.example',
          label: null,
          opted_out_at: null,
          last_used_at: 0,
          created_at: 0,
        })
        .execute(),
    )
    await it.says('STOP')
    expect(unpaused(await running(it))).toBe(true)
    await optOutEmail(it.store, it.clocks, 'Ana@lopez-home.example', it.clock.now())
    expect([...new Set(await running(it))]).toEqual(['opted_out'])
    expect((await it.leads())[0]?.clock_kind).toBeNull()
  })

  test('a sentence that only reads like it is read by a person, in time', async () => {
    const it = await world()
    await it.says('please stop texting me')
    expect(unpaused(await running(it))).toBe(true)
  })
})
