import { refreshLeadRows } from '../store/queries/lead-row.ts'
import { personByHandle } from '../store/queries/person.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { WriteStore } from '../store/store.ts'
import type { HandleKind } from './contract.ts'
import { addHandle, type PhoneRegionOf, readHandle, typedByUser } from './edit-person.ts'
import { type MergeDeps, mergePeople } from './merge-people.ts'

/**
 * Adds an address or a number to a person. Somebody of whom nothing else is known than that they once wrote or called
 * from it is merged into the person: their old mail and calls come along, and it can be taken back like any merge.
 * @returns the id of the handle
 * @throws DeskbellError like {@link addHandle}
 */
export async function claimHandle(
  tx: WriteStore,
  deps: MergeDeps & { readonly phoneRegion: PhoneRegionOf },
  personId: number,
  { kind, value: written }: { readonly kind: HandleKind; readonly value: string },
  at: number,
): Promise<number> {
  const { business } = await readSettings(tx)
  const value = readHandle(kind, written, business.country)
  const owner = await personByHandle(tx, kind, value)
  if (owner && owner.personId !== personId && (await isOnlyThat(tx, owner.personId))) {
    await mergePeople(tx, deps, { keptId: personId, goneId: owner.personId, chosen: null }, at)
  }
  const handleId = await addHandle(tx, personId, { kind, value }, { at, phoneRegion: deps.phoneRegion, tell: true })
  // Nobody could be answered, and now there is a way.
  await refreshLeadRows(tx, await deps.clocks.reached(tx, personId, at))
  return handleId
}

/** Made by a channel of one address or number, with a name that was only guessed from it. */
async function isOnlyThat({ db }: WriteStore, personId: number): Promise<boolean> {
  const person = await db.selectFrom('person').select('name_rank').where('id', '=', personId).executeTakeFirstOrThrow()
  const handles = await db.selectFrom('handle').select('id').where('person_id', '=', personId).limit(2).execute()
  const merged = await db
    .selectFrom('person_merge')
    .select('id')
    .where('kept_id', '=', personId)
    .where('undone_at', 'is', null)
    .executeTakeFirst()
  return person.name_rank < typedByUser - 1 && handles.length === 1 && !merged
}
