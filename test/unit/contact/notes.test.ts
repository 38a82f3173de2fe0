import { expect, it } from 'vitest'
import { makeWorld } from './outbox-world.ts'

it('keeps a note in the timeline, stops no clock and sends nothing', async () => {
  const world = await makeWorld()
  const { contact, store, ana, lead } = world
  const { interactionId } = await contact['contact.addNote']({ personId: ana, text: 'Prefers mornings' })
  const row = await store.read.db
    .selectFrom('interaction')
    .selectAll()
    .where('id', '=', interactionId)
    .executeTakeFirstOrThrow()
  expect(row).toMatchObject({ channel: 'note', direction: 'internal', text: 'Prefers mornings', lead_id: lead })
  expect(row.author_id).not.toBeNull()
  expect(world.answered).toEqual([])
  expect(await store.read.db.selectFrom('job').selectAll().execute()).toEqual([])
  expect(store.announced('store.changed').at(-1)).toMatchObject({ personIds: [ana] })
  await expect(contact['contact.addNote']({ personId: 99, text: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await store.close()
})
