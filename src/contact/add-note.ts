import { refreshLeadRow } from '../store/queries/lead-row.ts'
import { insertOwn } from './insert-own.ts'
import { type ContactDeps, personOf } from './surroundings.ts'

/** A note of the team's own; it answers nobody and stops no clock. */
export async function addNote(
  { store, clock }: ContactDeps,
  note: { readonly personId: number; readonly text: string },
): Promise<{ interactionId: number }> {
  return store.write(async (tx) => {
    const now = clock.now()
    const person = await personOf(tx, note.personId)
    const { interactionId, lead } = await insertOwn(tx, {
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
    if (lead) await refreshLeadRow(tx, lead.id)
    return { interactionId }
  })
}
