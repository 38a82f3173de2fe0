import type { Clocks } from '../contact/clocks.ts'
import { conflict } from '../rpc/errors.ts'
import { recordEvent } from '../store/queries/events.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { OptOutHow } from '../store/schema.ts'
import type { WriteStore } from '../store/store.ts'
import { handleById, settleReach } from './mark-handle.ts'

/** What a member may take back by themselves: they wrote it down, or only a sentence read like it. */
const light: ReadonlySet<OptOutHow | null> = new Set(['hand', 'phrase'])

/**
 * Allows messages to an address or number again. What somebody said themselves (STOP, an unsubscribe link, "do not
 * call") takes a reason, which stays in the timeline: the law leaves taking it back to them.
 * @throws DeskbellError `NOT_FOUND`; `CONFLICT` without the reason that it takes
 */
export async function liftOptOut(
  tx: WriteStore,
  clocks: Pick<Clocks, 'reached'>,
  { handleId, reason = '' }: { readonly handleId: number; readonly reason?: string | undefined },
  at: number,
): Promise<void> {
  const handle = await handleById(tx, handleId)
  if (handle.opted_out_at === null) return
  const { person_id: personId, value, kind, opted_out_how: how } = handle
  if (reason === '' && !light.has(how)) throw conflict(kind === 'email' ? onlyThey.mail : onlyThey.text)
  await tx.db
    .updateTable('handle')
    .set({ opted_out_at: null, opted_out_how: null, opted_out_by: null })
    .where('id', '=', handleId)
    .execute()
  const { me } = await readSettings(tx)
  const what = kind === 'email' ? `Mail to ${value} is allowed again` : `Texts to ${value} are allowed again`
  const text = reason === '' ? what : `${what}: ${reason}`
  const data = { value, how, reason }
  await recordEvent(tx, { at, type: 'person.opted_in', personId, authorId: me, text, data })
  await settleReach(tx, clocks, personId, at)
}

const onlyThey = {
  text: 'They asked for no more texts themselves, so only they can take it back: a text with START allows texts again. If they agreed in another way, write down how.',
  mail: 'They asked for no more mail themselves. If they agreed to it again, write down how.',
} as const
