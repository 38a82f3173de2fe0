import { describe, expect, it } from 'vitest'
import { mentionedIn } from '../../../src/contact/mentions.ts'
import { searchFor } from '../../fakes/search-for.ts'
import { makeWorld } from './outbox-world.ts'

const team = [
  { id: 1, name: 'Dana Lee' },
  { id: 2, name: 'Sam Park' },
  { id: 3, name: 'Sam Chen' },
  { id: 4, name: 'Ana-Maria Öz' },
]
const called = (text: string) => mentionedIn(text, team).map((each) => each.id)

describe('who is called in a note', () => {
  it.each<[string, number[]]>([
    ['@Dana please call', [1]],
    ['ask @dana lee, or @SAM PARK.', [1, 2]],
    ['@Sam could be either', []],
    ['@sam chen!', [3]],
    ['(@Ana-Maria) and @ana-maria öz', [4]],
    ['write to office@dana.example', []],
    ['@Danae is somebody else', []],
    ['Dana without the sign', []],
    ['@', []],
    ['@@Dana', [1]],
  ])('%s', (text, ids) => expect(called(text)).toEqual(ids))
})

const mentions = ({ store }: Awaited<ReturnType<typeof makeWorld>>) =>
  store.read.db.selectFrom('mention').select(['interaction_id', 'member_id', 'seen_at']).execute()

describe('a note', () => {
  it('is changed by whoever has read its last text, and keeps the ones before', async () => {
    const world = await makeWorld()
    const { contact, store, ana } = world
    const { interactionId } = await contact['contact.addNote']({ personId: ana, text: 'Prefers mornings' })
    const first = await contact['contact.editNote']({ interactionId, version: 1, text: 'Prefers evenings' })
    expect(first).toEqual({ version: 2 })
    // Somebody else still has the first text before them.
    await expect(
      contact['contact.editNote']({ interactionId, version: 1, text: 'Prefers noon' }),
    ).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await contact['contact.editNote']({ interactionId, version: 2, text: 'Prefers evenings' })).toEqual({
      version: 2,
    })
    expect(await contact['contact.editNote']({ interactionId, version: 2, text: 'Prefers noon' })).toEqual({
      version: 3,
    })
    const texts = await store.read.db.selectFrom('note_version').select(['version', 'text']).execute()
    expect(texts).toEqual([
      { version: 1, text: 'Prefers mornings' },
      { version: 2, text: 'Prefers evenings' },
    ])
    expect((await searchFor(store.read, 'noon')).map((hit) => hit.interactionId)).toEqual([interactionId])
    expect(await searchFor(store.read, 'mornings')).toEqual([])
    expect(store.announced('store.changed').at(-1)).toMatchObject({ personIds: [ana] })
    await expect(contact['contact.editNote']({ interactionId: 999, version: 1, text: 'x' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await store.close()
  })

  it('that is taken away is found nowhere, and comes back as it was', async () => {
    const world = await makeWorld()
    const { contact, store, ana, lead } = world
    const sam = await store.addMember('Sam Park')
    const preview = async () =>
      (await store.read.db.selectFrom('lead').select('preview').where('id', '=', lead).executeTakeFirst())?.preview
    await contact['contact.addNote']({ personId: ana, text: 'Prefers mornings' })
    const before = await preview()
    const { interactionId } = await contact['contact.addNote']({ personId: ana, text: '@Sam call about the oak' })
    expect(await mentions(world)).toEqual([{ interaction_id: interactionId, member_id: sam, seen_at: null }])
    expect(await preview()).toBe('@Sam call about the oak')
    await contact['contact.showNote']({ interactionId, shown: false })
    expect(await mentions(world)).toEqual([])
    expect(await searchFor(store.read, 'oak')).toEqual([])
    expect(await preview()).toBe(before)
    await contact['contact.showNote']({ interactionId, shown: true })
    expect(await mentions(world)).toMatchObject([{ member_id: sam }])
    expect(await preview()).toBe('@Sam call about the oak')
    await store.close()
  })

  it('calls whom its text calls, and not whoever wrote it', async () => {
    const world = await makeWorld()
    const { contact, store, ana } = world
    const sam = await store.addMember('Sam Park')
    const kim = await store.addMember('Kim Oh')
    await store.set('me', kim)
    const { interactionId } = await contact['contact.addNote']({ personId: ana, text: '@Sam and @Kim' })
    expect((await mentions(world)).map((each) => each.member_id)).toEqual([sam])
    await contact['contact.editNote']({ interactionId, version: 1, text: 'nobody' })
    expect(await mentions(world)).toEqual([])
    await store.close()
  })
})
