import { conflict, notFound } from '../rpc/errors.ts'
import type { WriteStore } from '../store/store.ts'
import { noteMentions } from './mentions.ts'
import { type ContactDeps, currentMember } from './surroundings.ts'

/**
 * Changes the text of a note, unless somebody else did since it was read.
 * @param version of the text that was read; 1 is the first
 * @returns the version that it is now
 * @throws DeskbellError `CONFLICT` when the note has another text by now: nothing is overwritten
 */
export async function editNote(
  { store, clock }: ContactDeps,
  change: { readonly interactionId: number; readonly version: number; readonly text: string },
): Promise<{ version: number }> {
  const { interactionId, version, text } = change
  return store.write(async (tx) => {
    const note = await noteOf(tx, interactionId)
    if (note.version !== version) {
      throw conflict('Somebody changed this note while you wrote. Both texts are shown; save again to keep yours.')
    }
    if (note.text === text) return { version }
    const author = await currentMember(tx)
    await tx.db
      .insertInto('note_version')
      .values({
        interaction_id: interactionId,
        version,
        text: note.text,
        author_id: author?.id ?? null,
        at: clock.now(),
      })
      .execute()
    await tx.db.updateTable('interaction').set({ text }).where('id', '=', interactionId).execute()
    await noteMentions(tx, { interactionId, personId: note.personId, text }, clock.now())
    tx.changed('interaction', note.personId)
    return { version: version + 1 }
  })
}

/** Takes a note away, or brings it back: with its words, its versions and whom it calls. */
export async function showNote(
  { store, clock }: ContactDeps,
  { interactionId, shown }: { readonly interactionId: number; readonly shown: boolean },
): Promise<void> {
  await store.write(async (tx) => {
    const note = await noteOf(tx, interactionId)
    await tx.db
      .updateTable('interaction')
      .set({ delivery: shown ? 'received' : 'cancelled' })
      .where('id', '=', interactionId)
      .execute()
    await noteMentions(tx, { interactionId, personId: note.personId, text: shown ? note.text : '' }, clock.now())
    tx.changed('interaction', note.personId)
  })
}

async function noteOf(
  tx: WriteStore,
  interactionId: number,
): Promise<{ readonly personId: number; readonly text: string; readonly version: number }> {
  const note = await tx.db
    .selectFrom('interaction')
    .select(['person_id', 'text'])
    .where('id', '=', interactionId)
    .where('channel', '=', 'note')
    .executeTakeFirst()
  if (!note) throw notFound('This note')
  const last = await tx.db
    .selectFrom('note_version')
    .select((it) => it.fn.max('version').as('version'))
    .where('interaction_id', '=', interactionId)
    .executeTakeFirst()
  return { personId: note.person_id, text: note.text, version: (last?.version ?? 0) + 1 }
}
