import { expect, onTestFinished, test } from 'vitest'
import { refusalOf } from '../../../src/contact/refusal.ts'
import { day } from '../../../src/lib/durations.ts'
import { touchEnds } from '../../../src/store/queries/source-touch.ts'
import { tuesdayMorning } from '../../fakes/fake-clock.ts'
import { inboundCall, inboundForm, inboundMail, inboundText, phoneParty } from '../../fakes/inbound.ts'
import { openCaptureWorld } from './capture-world.ts'

const world = async () => {
  const opened = await openCaptureWorld()
  onTestFinished(() => opened.store.close())
  return opened
}
const touches = async ({ db }: Awaited<ReturnType<typeof world>>) =>
  db.selectFrom('source_touch').select(['person_id', 'lead_id', 'source', 'detail']).orderBy('id').execute()

test('the first touch stays and the last one moves, each with what came along', async () => {
  const here = await world()
  const google = { name: 'Google Ads', detail: { gclid: 'abc', landing_page: 'https://x.example/kitchens' } }
  const facebook = { name: 'Facebook', detail: { fbclid: 'def', utm_campaign: 'spring' } }
  await here.take(inboundForm({ email: 'ana@lopez-home.example' }, { source: google }))
  await here.take(inboundMail())
  await here.clock.advance(3 * day)
  await here.take(
    inboundForm(
      { email: 'ana@lopez-home.example' },
      { externalId: 'form-2', source: facebook, at: tuesdayMorning + 2 * day },
    ),
  )
  const { first, last } = await touchEnds(here.store.read, 1)
  expect(first).toMatchObject({ source: 'Google Ads', detail: JSON.stringify(google.detail) })
  expect(last).toMatchObject({ source: 'Facebook', detail: JSON.stringify(facebook.detail) })
  expect(await here.leads()).toMatchObject([{ source: 'Google Ads', source_detail: JSON.stringify(google.detail) }])
  // The mail in between only went on with the conversation.
  expect(await touches(here)).toHaveLength(2)
})

test('a source that is made of what nobody can see, or never ends, is still one', async () => {
  const here = await world()
  const odd = { name: '\u0000\u0007', detail: {} }
  const endless = { name: 'x'.repeat(50_000), detail: {} }
  await here.take(inboundForm({ email: 'ana@lopez-home.example' }, { source: odd }))
  await here.take(inboundForm({ email: 'bo@home.example' }, { externalId: 'form-2', source: endless }))
  expect(await here.leads()).toMatchObject([{ source: 'Web form' }, { source: 'x'.repeat(200) }])
})

test('everybody has a source, however they came: by name of the channel at the least', async () => {
  const here = await world()
  await here.take(inboundMail())
  await here.take(inboundText({ from: '+14155550123' }, { parties: [phoneParty('+14155550123')] }))
  await here.take(inboundCall({ from: '+14155550124' }, { externalId: 'CA9', history: true }))
  await here.take(inboundMail({ messageId: 'news', from: 'news@shop.example', robot: 'newsletter' }))
  const people = await here.people()
  expect(people.length).toBeGreaterThan(2)
  for (const { id } of people) expect((await touchEnds(here.store.read, id)).first?.source).toBeTruthy()
  expect(new Set((await touches(here)).map((it) => it.source))).toEqual(
    new Set(['E-mail', 'Text message', 'Phone call']),
  )
})

test('a number from a list gets no texts until they use it or say so', async () => {
  const here = await world()
  const reach = '+14155550187'
  await here.take(inboundText({ from: '+14155550100' }, { parties: [phoneParty('+14155550123')] }))
  await here.store.write(({ db }) =>
    db
      .insertInto('handle')
      .values({ person_id: 1, kind: 'phone', value: reach, last_used_at: 0, created_at: 0, consent: 'none' })
      .execute(),
  )
  expect(await refusalOf(here.store.read, 'sms', reach, 1)).toContain('came from a list')
  expect(await refusalOf(here.store.read, 'call', reach, 1)).toBeNull()
  await here.take(inboundText({ from: reach }, { externalId: 'SM2' }))
  expect(await refusalOf(here.store.read, 'sms', reach, 1)).toBeNull()
})
