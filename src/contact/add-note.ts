import { insertOwn } from './insert-own.ts'
import { noteMentions } from './mentions.ts'
import { type ContactDeps, personOf } from './surroundings.ts'

/** A note of the team's own; it answers nobody and stops no clock. `@` and a name call somebody of the team. */
export async function addNote(
  { store, clock }: ContactDeps,
  note: { readonly personId: number; readonly text: string },
): Promise<{ interactionId: number }> {
  return store.write(async (tx) => {
    const now = clock.now()
    const person = await personOf(tx, note.personId)
    const { interactionId } = await insertOwn(tx, {
      personId: person.id,
      accountId: null,
      channel: 'note',
      direction: 'internal',
      at: now,
      now,
      subject: '',
      text: note.text,
      delivery: 'received',
    })
    await noteMentions(tx, { interactionId, personId: person.id, text: note.text }, now)
    return { interactionId }
  })
}
