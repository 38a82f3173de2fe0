import { afterEach, beforeEach, expect, it } from 'vitest'
import { defaultLadder, saveLadder } from '../../../src/contact/ladder-settings.ts'
import { makeMentionWatch } from '../../../src/contact/mention-watch.ts'
import { hour, minute } from '../../../src/lib/durations.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { makeReadCalendars } from '../../../src/store/queries/calendars.ts'
import { makeWorld, type World } from './outbox-world.ts'

let world: World
let watch: ReturnType<typeof makeMentionWatch>
let sam: number
let joe: number

beforeEach(async () => {
  world = await makeWorld()
  const { store, clock } = world
  sam = await store.addMember('Sam Okafor', { mobile: '+14155550143' })
  joe = (
    await store.read.db.selectFrom('member').select('id').where('name', '=', 'Joe Miller').executeTakeFirstOrThrow()
  ).id
  watch = makeMentionWatch({ store, clock, log: silentLog, readCalendars: makeReadCalendars() })
  store.onCommit((all) => {
    if (all.some((it) => it.name === 'store.changed')) watch.nudge()
  })
  await watch.start()
})
afterEach(async () => {
  await watch.stop()
  await world.store.close()
})

const note = async (text: string) => {
  const { interactionId } = await world.contact['contact.addNote']({ personId: world.ana, text })
  await world.clock.advance(2000)
  return interactionId
}
const sitsHere = async (member: number) => {
  await world.store.set('me', member)
  watch.nudge()
  await world.clock.advance(minute)
}
const told = () => world.store.announced('mention.made')
const texts = () =>
  world.store.read.db.selectFrom('member_text').select(['to_number', 'body', 'interaction_id']).execute()
const wantTexts = (...textTo: number[]) =>
  world.store.write((tx) => saveLadder(tx, 'ladder', { ...defaultLadder, textTo }))

it('tells whoever sits here of notes of others that call them, once, and nobody else', async () => {
  const first = await note('@Sam please call her back')
  await note('@Joe this is for myself')
  expect(told()).toEqual([])
  await sitsHere(sam)
  expect(told()).toEqual([
    {
      interactionId: first,
      personId: world.ana,
      name: 'Ana Lopez',
      author: 'Joe Miller',
      text: '@Sam please call her back',
      count: 1,
    },
  ])
  await world.clock.advance(hour)
  expect(told().length).toBe(1)
  // Sam answers; Joe hears when he sits here.
  await note('@Joe done')
  await sitsHere(joe)
  expect(told().at(-1)).toMatchObject({ author: 'Sam Okafor', text: '@Joe done', count: 1 })
})

it('tells many as one, with the newest; what was seen is no news', async () => {
  await note('@Sam one')
  await world.clock.advance(minute)
  const newest = await note('@Sam two')
  await sitsHere(sam)
  expect(told()).toMatchObject([{ count: 2, interactionId: newest, text: '@Sam two' }])
  await sitsHere(joe)
  const seen = await note('@Sam three')
  await world.store.write((tx) =>
    tx.db.updateTable('mention').set({ seen_at: 1 }).where('interaction_id', '=', seen).execute(),
  )
  await sitsHere(sam)
  expect(told().length).toBe(1)
})

it('waits while this desk is muted', async () => {
  const { store, clock } = world
  await note('@Sam please')
  await store.write((tx) => saveLadder(tx, 'alerts', { volume: 70, mutedUntil: clock.now() + hour }))
  await sitsHere(sam)
  expect(told()).toEqual([])
  await clock.advance(hour)
  expect(told().length).toBe(1)
})

it('texts whoever asked for texts, once, in their hours; never whoever sits here, nor who did not ask', async () => {
  const ines = await world.store.addMember('Ines', { mobile: '+14155550144' })
  await wantTexts(sam, joe)
  const id = await note(`@Sam and @Ines: ${'look '.repeat(60)}`)
  expect(await texts()).toEqual([
    {
      to_number: '+14155550143',
      interaction_id: id,
      body: expect.stringMatching(/^Deskbell: Joe Miller calls you in a note about Ana Lopez: @Sam and .{100,160}…$/),
    },
  ])
  expect(world.store.announced('team.text').length).toBe(1)
  await world.clock.advance(hour)
  expect((await texts()).length).toBe(1)
  expect(ines).toBeGreaterThan(0)
})

it('does not text off duty; when they are back within the day it does', async () => {
  const { store, clock } = world
  await wantTexts(sam)
  await store.write((tx) => tx.db.updateTable('member').set({ on_duty: 0 }).where('id', '=', sam).execute())
  await note('@Sam please')
  await clock.advance(hour)
  expect(await texts()).toEqual([])
  await store.write((tx) => tx.db.updateTable('member').set({ on_duty: 1 }).where('id', '=', sam).execute())
  await clock.advance(hour)
  expect((await texts()).length).toBe(1)
})
