import { expect, onTestFinished, test } from 'vitest'
import { readOwn } from '../../../src/capture/batch.ts'
import { makeReadBack } from '../../../src/enrich/read-back.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { updatePerson } from '../../../src/people/edit-person.ts'
import { mergePeople } from '../../../src/people/merge-people.ts'
import { unmergePeople } from '../../../src/people/unmerge-people.ts'
import { readBudget } from '../../../src/score/read-budget.ts'
import { readTimeline } from '../../../src/score/read-timeline.ts'
import { makeScoreLead } from '../../../src/score/score-lead.ts'
import { readFacts } from '../../../src/store/queries/person-facts.ts'
import { fieldRowsQuery, revertField } from '../../../src/store/queries/person-fields.ts'
import { eventually } from '../../fakes/eventually.ts'
import { emailParty, inboundForm, inboundMail, inboundText } from '../../fakes/inbound.ts'
import { openCaptureWorld } from '../capture/capture-world.ts'

const signed = `Could you send a quote? Our budget is $18,000 and we would like to start next month.

Best regards,
Ana Lopez
Office Manager
Lopez Builders LLC
M: (415) 555-0188
12 Oak Street, Oakland, CA 94610`
const from = 'ana@lopez-builders.com'
const mail = (text: string, more: object = {}, envelope: object = {}) =>
  inboundMail({ from, text, messageId: `${text.length}@x`, ...more }, { parties: [emailParty(from)], ...envelope })

async function open() {
  const world = await openCaptureWorld()
  onTestFinished(() => world.store.close())
  const person = async (id = 1) =>
    world.db.selectFrom('person').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const rows = (id = 1) => fieldRowsQuery(world.store.read, id).execute()
  const row = async (field: string, origin: string, id = 1) =>
    (await rows(id)).find((it) => it.field === field && it.origin === origin)
  return { ...world, person, rows, row }
}

test('a signature fills the person in before the lead is scored, each value with its origin', async () => {
  const { take, person, row, store } = await open()
  await take(mail(signed))
  expect(await person()).toMatchObject({ name: 'Ana Lopez', company: 'Lopez Builders LLC', title: 'Office Manager' })
  const facts = await readFacts(store.read, 1)
  expect(facts).toMatchObject({
    budget: { value: 18_000, words: '$18,000', origin: 'text' },
    timelineDays: { value: 60, words: 'next month' },
    postcode: { value: '94610', origin: 'signature' },
    address: { value: '12 Oak Street, Oakland, CA 94610' },
  })
  // The number is an offer, not a handle: nobody is called because of what a machine read.
  expect(await row('phone', 'signature')).toMatchObject({ value: '+14155550188', words: 'mobile', interaction_id: 1 })
  expect(await row('company', 'domain')).toMatchObject({ value: 'Lopez Builders', confidence: 40 })
})

test('what a person typed is never overwritten, and what they emptied stays empty', async () => {
  const { take, person, store, clock, row } = await open()
  await take(mail('Hello, can you help?'))
  await store.write((tx) => updatePerson(tx, 1, { name: 'Anna L.', company: null, title: 'Boss' }, clock.now()))
  await take(mail(signed))
  expect(await person()).toMatchObject({ name: 'Anna L.', name_rank: 2, company: null, title: 'Boss' })
  expect(await row('title', 'signature')).toMatchObject({ value: 'Office Manager', reverted_at: null })
})

test('a reverted value gives way to the one before and does not come back with the next mail', async () => {
  const { take, person, store, clock, row } = await open()
  await take(mail(signed))
  const company = await row('company', 'signature')
  await store.write((tx) => revertField(tx, company?.id ?? 0, clock.now()))
  expect((await person()).company).toBe('Lopez Builders')
  await take(mail(`${signed}\n`, { messageId: 'second@x' }))
  expect((await person()).company).toBe('Lopez Builders')
  const title = await row('title', 'signature')
  await store.write((tx) => revertField(tx, title?.id ?? 0, clock.now()))
  expect((await person()).title).toBeNull()
})

test('the name a channel gave stays; one guessed from the address gives way', async () => {
  const { take, person } = await open()
  await take(
    inboundMail(
      { from: 'info@kim.example', text: 'Hi\n\nThanks,\nKim Ito\nOwner\n415-555-0142' },
      { parties: [emailParty('info@kim.example', 'Kim')] },
    ),
  )
  expect((await person()).name).toBe('Kim Ito')
  await take(
    inboundMail(
      { from: 'x@y.example', messageId: 'b@x', text: 'Hi\n\nThanks,\nJo Doe\n415-555-0143' },
      { parties: [emailParty('x@y.example', 'Johanna Doe-Smith')] },
    ),
  )
  expect((await person(2)).name).toBe('Johanna Doe-Smith')
})

test('forms say it in fields; a later word counts more than an earlier one', async () => {
  const { take, store } = await open()
  await take(
    inboundForm({
      email: from,
      name: 'Ana Lopez',
      budget: '$5,000 - 7,000',
      timeline: '2 weeks',
      postcode: 'sw1a 1aa',
    }),
  )
  const facts = await readFacts(store.read, 1)
  expect(facts.budget).toMatchObject({ value: 5000, words: '$5,000 - 7,000', origin: 'form' })
  expect(facts.timelineDays).toMatchObject({ value: 14, origin: 'form' })
  expect(facts.postcode).toMatchObject({ value: 'SW1A 1AA' })
})

test('a colleague who answers in the conversation keeps their signature to themselves', async () => {
  const { take, person, rows } = await open()
  await take(mail('Hello, can you help?', { messageId: 'first@x' }))
  await take(
    inboundMail(
      {
        from: 'tom@lopez-builders.com',
        messageId: 'second@x',
        inReplyTo: 'first@x',
        text: 'Yes.\n\nBest regards,\nTom Weber\nEstimator\n303-555-0171',
      },
      { parties: [emailParty('tom@lopez-builders.com', 'Tom Weber')] },
    ),
  )
  expect((await person()).title).toBeNull()
  expect((await rows()).filter((it) => it.origin === 'signature').map((it) => it.value)).not.toContain('+13035550171')
})

test('texts and robots', async () => {
  const { take, person, rows } = await open()
  await take(inboundText({ body: 'Hi, this is Rosa Diaz from Maple Court, the tap is leaking' }))
  expect((await person()).name).toBe('Rosa Diaz')
  await take(mail(signed, { robot: 'newsletter' }))
  expect(await rows(2)).toEqual([])
})

test('kinds of line, by number', async () => {
  const { take, store } = await open()
  await take(inboundText({ from: '+14155550187' }))
  expect((await readFacts(store.read, 1)).lines).toEqual([{ number: '+14155550187', type: 'mobile_or_landline' }])
})

test('old mail is read back when nothing else comes in, once', async () => {
  const { take, person, store, clock, db } = await open()
  await take(mail(signed, {}, { history: true }))
  expect((await person()).title).toBeNull()
  const settled: number[] = []
  const readBack = makeReadBack({
    store,
    clock,
    log: silentLog,
    readers: { readBudget, readTimeline },
    readOwn,
    settlePerson: async (_, personId) => void settled.push(personId),
  })
  onTestFinished(() => readBack.stop())
  readBack.start()
  await clock.advance(2000)
  await eventually('old mail read', async () => (await person()).title === 'Office Manager')
  const mark = await db.selectFrom('reading_mark').selectAll().executeTakeFirstOrThrow()
  expect(mark.read_up_to).toBe(1)
  expect(settled).toEqual([1])
})

test('a merge brings the values along, and taking it back gives them back', async () => {
  const { take, person, rows, store, clock, clocks } = await open()
  await take(mail(signed))
  await take(inboundText({ body: 'my name is Rosa Diaz' }))
  const before = await rows(2)
  const deps = { scoreLead: makeScoreLead(), clocks }
  const mergeId = await store.write((tx) => mergePeople(tx, deps, { keptId: 1, goneId: 2, chosen: null }, clock.now()))
  expect((await rows(1)).map((it) => it.value)).toContain('Rosa Diaz')
  await store.write((tx) => unmergePeople(tx, deps, mergeId, clock.now()))
  expect(await rows(2)).toEqual(before)
  expect((await person(2)).name).toBe('Rosa Diaz')
})
