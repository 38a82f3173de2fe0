import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeWorld, type World } from './outbox-world.ts'

let world: World

beforeEach(async () => {
  world = await makeWorld()
})
afterEach(() => world.store.close())

const callOf = (id: number) =>
  world.store.read.db
    .selectFrom('call')
    .innerJoin('interaction', 'interaction.id', 'call.interaction_id')
    .select(['call.note', 'call.outcome', 'interaction.text'])
    .where('interaction_id', '=', id)
    .executeTakeFirstOrThrow()

it('keeps what is typed during a call, and leaves the outcome as it is', async () => {
  const { interactionId } = await world.contact['contact.logCall']({
    personId: world.ana,
    direction: 'out',
    outcome: 3,
    note: '',
  })
  await world.contact['contact.noteCall']({ interactionId, note: 'Wants an isl' })
  await world.contact['contact.noteCall']({ interactionId, note: 'Wants an island' })
  expect(await callOf(interactionId)).toEqual({ note: 'Wants an island', outcome: 3, text: 'Wants an island' })
  await world.contact['contact.noteCall']({ interactionId, note: '' })
  expect(await callOf(interactionId)).toEqual({ note: null, outcome: 3, text: '' })
})

it('never overwrites what was transcribed', async () => {
  const { interactionId } = await world.contact['contact.logCall']({
    personId: world.ana,
    direction: 'in',
    outcome: 1,
    note: '',
  })
  await world.store.write((tx) =>
    tx.db.updateTable('interaction').set({ text: 'Spoken words' }).where('id', '=', interactionId).execute(),
  )
  await world.contact['contact.noteCall']({ interactionId, note: 'Mine' })
  expect(await callOf(interactionId)).toMatchObject({ note: 'Mine', text: 'Spoken words' })
})

it('says when the call is not there', async () => {
  await expect(world.contact['contact.noteCall']({ interactionId: 999_999, note: 'x' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
})
