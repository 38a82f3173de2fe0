import type { WriteStore } from '../store/store.ts'

/**
 * A poll saw something of ours before we knew the provider's name for it, and filed it as a second interaction. Takes
 * over what that one learned (how the call went, that the text was delivered) and removes it.
 */
export async function absorbDuplicate(tx: WriteStore, duplicateId: number, ownId: number): Promise<void> {
  await takeOver(tx, duplicateId, ownId)
  await tx.db
    .updateTable('source_touch')
    .set({ interaction_id: ownId })
    .where('interaction_id', '=', duplicateId)
    .execute()
  await tx.db.updateTable('clock').set({ stopped_by: ownId }).where('stopped_by', '=', duplicateId).execute()
  await tx.db.deleteFrom('mail').where('interaction_id', '=', duplicateId).execute()
  await tx.db.deleteFrom('text_message').where('interaction_id', '=', duplicateId).execute()
  await tx.db.deleteFrom('call').where('interaction_id', '=', duplicateId).execute()
  await tx.db.deleteFrom('attachment').where('interaction_id', '=', duplicateId).execute()
  await tx.db.deleteFrom('interaction').where('id', '=', duplicateId).execute()
}

async function takeOver(tx: WriteStore, duplicateId: number, ownId: number): Promise<void> {
  const { delivery } = await tx.db
    .selectFrom('interaction')
    .select('delivery')
    .where('id', '=', duplicateId)
    .executeTakeFirstOrThrow()
  await tx.db.updateTable('interaction').set({ delivery }).where('id', '=', ownId).execute()
  const call = await tx.db
    .selectFrom('call')
    .select(['result', 'answered_at', 'ended_at', 'duration_ms', 'recording_id'])
    .where('interaction_id', '=', duplicateId)
    .executeTakeFirst()
  if (!call) return
  if (call.recording_id !== null) {
    await tx.db.updateTable('attachment').set({ interaction_id: ownId }).where('id', '=', call.recording_id).execute()
  }
  await tx.db.updateTable('call').set(call).where('interaction_id', '=', ownId).execute()
}
