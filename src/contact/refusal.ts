import type { Selectable } from 'kysely'
import { lineTold } from '../lib/line-type.ts'
import type { HandleKind } from '../people/contract.ts'
import { keptQuery } from '../store/queries/kept-query.ts'
import { toldLinesOf } from '../store/queries/person-fields.ts'
import type { HandleTable } from '../store/schema.ts'
import type { ReadStore } from '../store/store.ts'

/** How somebody is about to be reached. */
export type Reach = 'email' | 'sms' | 'call' | 'whatsapp' | 'chat'

/** What of a person is needed to reach them this way. */
export const handleKindFor = (reach: Reach): HandleKind => (reach === 'email' || reach === 'chat' ? reach : 'phone')

export const doNotCall = 9

/**
 * Why a person must not be reached this way, in the user's words; null when they may be. Asked when something is
 * written and again in the transaction that claims it for sending: they may have said STOP in between.
 * @param value the address or number as stored
 */
export async function refusalOf(
  store: ReadStore,
  reach: Reach,
  value: string,
  personId: number,
): Promise<string | null> {
  const kind = handleKindFor(reach)
  const [handle] = await handleRows(store, { kind, value })
  if (handle?.valid === 0) {
    return kind === 'email'
      ? 'This e-mail address is marked as wrong. Choose another address of this person.'
      : 'This number is marked as wrong. Choose another number of this person.'
  }
  // STOP is about texts, WhatsApp among them: a person may still dial who texted it. "Do not call" is about calls and texts.
  if (reach === 'call') return (await askedNotToBeCalled(store, personId)) ? saidDoNotCall : null
  if (reach === 'sms' && handle?.consent === 'none' && handle.opted_out_at === null) return neverAgreed
  if (handle?.opted_out_at == null) {
    // WhatsApp runs on landlines, too. What nobody was asked about is only guessed at, and a guess refuses nothing.
    return reach === 'sms' && (await isLandline(store, value, personId)) ? landline : null
  }
  return reach !== 'email'
    ? 'This person asked not to get texts, so nothing was sent. Call or write a mail instead; they can text START to allow texts again.'
    : 'This person asked not to get mail, so nothing was sent. Call or text them instead.'
}

type Handle = Pick<Selectable<HandleTable>, 'valid' | 'opted_out_at' | 'consent'>

const handleRows = keptQuery<{ kind: HandleKind; value: string }, Handle>((db, slot) =>
  db
    .selectFrom('handle')
    .select(['valid', 'opted_out_at', 'consent'])
    .where('kind', '=', slot('kind'))
    .where('value', '=', slot('value')),
)

const saidDoNotCall =
  'This person asked not to be called. If that was noted by mistake, change the outcome of that call first.'

const neverAgreed =
  'This number came from a list, and nobody said that they agree to get texts. Call or write a mail instead, or note on their card that they agreed.'

const landline =
  'This number is a landline, so a text would not arrive there. Call, or choose another number. If it is a mobile after all, undo “Line” on their card.'

const isLandline = async (store: ReadStore, number: string, personId: number): Promise<boolean> =>
  lineTold(number, await toldLinesOf(store, personId)) === 'landline'

async function askedNotToBeCalled(store: ReadStore, personId: number): Promise<boolean> {
  const row = await store.db
    .selectFrom('interaction')
    .innerJoin('call', 'call.interaction_id', 'interaction.id')
    .select('interaction.id')
    .where('interaction.person_id', '=', personId)
    .where('call.outcome', '=', doNotCall)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
