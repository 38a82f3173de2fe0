import { sql } from 'kysely'
import { normalizeEmail, normalizePhone } from '../lib/handles.ts'
import type { WriteStore } from '../store/store.ts'

type Since = {
  readonly id: number
  readonly at: number
  readonly direction: string
  readonly automatic: 0 | 1
  /** Somebody of us answered them by it, or talked to them. */
  readonly answers: 0 | 1
  readonly lead_id: number | null
  /** The address or number it came from or went to. */
  readonly handle: string | null
  readonly thread_id: number | null
  readonly known: string | null
}

/** What came to a merged person since, told apart by addresses and numbers. */
export type ToldApart = {
  /** Of the one who comes back. */
  readonly theirs: ReadonlySet<number>
  readonly all: readonly Since[]
  /** Addresses and numbers learned since that are of the one who comes back, too. */
  readonly newHandles: readonly number[]
}

/**
 * Whose each thing is that was filed under one person: by the address or number it came from or went to; from a new
 * one by the conversation it is in or the form that named it. What names nobody (notes) stays.
 */
export async function tellApart(
  { db }: WriteStore,
  {
    keptId,
    after,
    handles,
    newestHandle,
    threads,
    country,
  }: {
    readonly keptId: number
    readonly after: number
    readonly handles: readonly number[]
    readonly newestHandle: number
    /** Conversations of the one who comes back. */
    readonly threads: ReadonlySet<number>
    readonly country: string
  },
): Promise<ToldApart> {
  const all = await db.selectFrom('handle').select(['id', 'value']).where('person_id', '=', keptId).execute()
  const back = new Set(handles)
  const theirValues = new Set(all.filter((it) => back.has(it.id)).map((it) => it.value))
  const keptValues = new Set(all.filter((it) => !back.has(it.id) && it.id <= newestHandle).map((it) => it.value))
  const theirThreads = new Set(threads)
  const { rows } = await sql<Since>`
    select interaction.id, interaction.at, interaction.direction, interaction.automatic, interaction.lead_id,
      iif(interaction.direction = 'out', interaction.delivery in ('sent', 'delivered') and coalesce(call.result, 'answered') = 'answered',
        coalesce(call.result, '') = 'answered') as answers,
      mail.thread_id, form_submission.known,
      coalesce(interaction.handle, iif(interaction.direction = 'out',
        coalesce(text_message.to_number, call.to_number, json_extract(mail.to_addresses, '$[0]')),
        coalesce(text_message.from_number, call.from_number, mail.from_address))) as handle
    from interaction
      left join mail on mail.interaction_id = interaction.id
      left join call on call.interaction_id = interaction.id
      left join text_message on text_message.interaction_id = interaction.id
      left join form_submission on form_submission.interaction_id = interaction.id
    where interaction.person_id = ${keptId} and interaction.id > ${after} order by interaction.id`.execute(db)
  const theirs = new Set<number>()
  for (const row of rows) {
    const named = [...(row.handle ? [row.handle] : []), ...namedIn(row.known, country)]
    const inThread = row.thread_id !== null && theirThreads.has(row.thread_id)
    const isTheirs = named.some((it) => theirValues.has(it)) || (inThread && !named.some((it) => keptValues.has(it)))
    if (!isTheirs) continue
    theirs.add(row.id)
    for (const value of named) if (!keptValues.has(value)) theirValues.add(value)
    if (row.thread_id !== null) theirThreads.add(row.thread_id)
  }
  const newHandles = all.filter((it) => it.id > newestHandle && theirValues.has(it.value)).map((it) => it.id)
  return { theirs, all: rows, newHandles }
}

function namedIn(known: string | null, country: string): string[] {
  if (known === null) return []
  const { email, phone } = JSON.parse(known) as { readonly email?: string; readonly phone?: string }
  return [email ? normalizeEmail(email) : null, phone ? normalizePhone(phone, country) : null].filter(
    (it) => it !== null,
  )
}
