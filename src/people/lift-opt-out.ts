import { z } from 'zod'
import type { Clocks } from '../contact/clocks.ts'
import { conflict, notFound } from '../rpc/errors.ts'
import { recordEvent } from '../store/queries/events.ts'
import { refreshLeadRow } from '../store/queries/lead-row.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { WriteStore } from '../store/store.ts'

const heard = z.object({ value: z.string(), word: z.string() })

/**
 * Allows texts to a number again that only a sentence had blocked ("please stop"), because a person read it and it meant
 * something else. What somebody said in so many words (STOP, an unsubscribe link) only they can take back.
 * @throws DeskbellError `NOT_FOUND`, `CONFLICT`
 */
export async function liftOptOut(
  tx: WriteStore,
  clocks: Pick<Clocks, 'reached'>,
  handleId: number,
  at: number,
): Promise<void> {
  const handle = await tx.db
    .selectFrom('handle')
    .select(['person_id', 'value', 'opted_out_at'])
    .where('id', '=', handleId)
    .executeTakeFirst()
  if (!handle) throw notFound('This number')
  if (handle.opted_out_at === null) return
  const events = await tx.db
    .selectFrom('event')
    .select('data')
    .where('person_id', '=', handle.person_id)
    .where('type', '=', 'person.opted_out')
    .orderBy('id', 'desc')
    .execute()
  const last = events.map(({ data }) => heard.safeParse(JSON.parse(data)).data).find((it) => it?.value === handle.value)
  if (last?.word !== 'phrase') throw conflict(onlyThey)
  await tx.db.updateTable('handle').set({ opted_out_at: null }).where('id', '=', handleId).execute()
  const { me } = await readSettings(tx)
  const { person_id: personId } = handle
  await recordEvent(tx, { at, type: 'person.opted_in', personId, authorId: me, text: 'Texts are allowed again' })
  for (const leadId of await clocks.reached(tx, personId, at)) await refreshLeadRow(tx, leadId)
  tx.changed('person', personId)
}

const onlyThey =
  'They asked for no more in so many words, so only they can take it back: a text with START allows texts again. Until then call.'
