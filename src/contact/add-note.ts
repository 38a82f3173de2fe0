import { refreshLeadRow } from '../store/queries/lead-row.ts'
import { type ContactDeps, currentMember, leadOf, personOf } from './surroundings.ts'

/** A note of the team's own; it answers nobody and stops no clock. */
export async function addNote(
  { store, clock }: ContactDeps,
  note: { readonly personId: number; readonly text: string },
): Promise<{ interactionId: number }> {
  return store.write(async (tx) => {
    const now = clock.now()
    const person = await personOf(tx, note.personId)
    const member = await currentMember(tx)
    const lead = await leadOf(tx, person.id)
    const { id } = await tx.db
      .insertInto('interaction')
      .values({
        person_id: person.id,
        lead_id: lead?.id ?? null,
        account_id: null,
        channel: 'note',
        direction: 'internal',
        at: now,
        author_id: member?.id ?? null,
        automatic: 0,
        subject: '',
        text: note.text,
        quoted: null,
        delivery: 'received',
        problem: null,
        created_at: now,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    tx.changed('interaction', person.id)
    if (lead) await refreshLeadRow(tx, lead.id)
    return { interactionId: id }
  })
}
