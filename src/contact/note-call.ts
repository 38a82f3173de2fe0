import { notFound } from '../rpc/errors.ts'
import type { ContactDeps } from './surroundings.ts'

/**
 * Keeps the note of a call while it is typed, before anybody says how the call went. Until there is something better it
 * also stands for what was said, for the search.
 * @throws DeskbellError `NOT_FOUND`
 */
export async function noteCall(
  { store }: ContactDeps,
  { interactionId, note }: { readonly interactionId: number; readonly note: string },
): Promise<void> {
  await store.write(async (tx) => {
    const call = await tx.db
      .selectFrom('call')
      .innerJoin('interaction', 'interaction.id', 'call.interaction_id')
      .select(['call.note', 'interaction.text', 'interaction.person_id'])
      .where('call.interaction_id', '=', interactionId)
      .executeTakeFirst()
    if (!call) throw notFound('This call')
    await tx.db
      .updateTable('call')
      .set({ note: note || null })
      .where('interaction_id', '=', interactionId)
      .execute()
    if (call.text === '' || call.text === call.note) {
      await tx.db.updateTable('interaction').set({ text: note }).where('id', '=', interactionId).execute()
    }
    tx.changed('interaction', call.person_id)
  })
}
