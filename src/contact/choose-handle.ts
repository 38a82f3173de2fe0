import type { Selectable } from 'kysely'
import type { HandleKind } from '../people/contract.ts'
import { badInput } from '../rpc/errors.ts'
import { keptQuery } from '../store/queries/kept-query.ts'
import type { HandleTable } from '../store/schema.ts'
import type { ReadStore } from '../store/store.ts'
import { handleKindFor, type Reach, refusalOf } from './refusal.ts'

type Person = { readonly id: number; readonly name: string }

/**
 * The address or number to reach a person at.
 * @param handleId the one the user chose; when left out the one a member put first, else `preferred`, else the last used
 * @param preferred the address they wrote from in what is answered
 * @param automatic what is sent by itself goes to where they wrote from, whatever a member put first
 * @throws DeskbellError `BAD_INPUT` when there is none, or they must not be reached there
 */
export async function chooseHandle(
  store: ReadStore,
  reach: Reach,
  person: Person,
  handleId: number | undefined,
  preferred: string | null = null,
  automatic = false,
): Promise<string> {
  const value = await pickHandle(store, reach, person, handleId, preferred, automatic)
  await refuseUnreachable(store, reach, value, person.id)
  return value
}

/** @throws DeskbellError `BAD_INPUT` when they must not be reached there */
export async function refuseUnreachable(
  store: ReadStore,
  reach: Reach,
  value: string,
  personId: number,
): Promise<void> {
  const refusal = await refusalOf(store, reach, value, personId)
  if (refusal !== null) throw badInput(refusal)
}

/** The same as {@link chooseHandle}, without asking whether they may be reached there. */
export async function pickHandle(
  store: ReadStore,
  reach: Reach,
  person: Person,
  handleId: number | undefined,
  preferred: string | null,
  automatic = false,
): Promise<string> {
  const kind = handleKindFor(reach)
  const handles = await handleRows(store, { personId: person.id, kind })
  if (handles.length === 0) {
    if (kind === 'chat') throw badInput(`${person.name || 'This person'} never wrote in the chat of your website.`)
    const what = kind === 'email' ? 'e-mail address' : 'phone number'
    throw badInput(`${person.name || 'This person'} has no ${what} yet. Add one on their card first.`)
  }
  const usable = handles.filter((it) => it.valid === 1)
  const [first] = usable
    .filter((it) => it.first_at !== null && !automatic)
    .toSorted((a, b) => (b.first_at ?? 0) - (a.first_at ?? 0))
  const chosen =
    handleId === undefined
      ? (first ?? usable.find((it) => it.value === preferred) ?? usable[0] ?? handles[0])
      : handles.find((it) => it.id === handleId)
  if (!chosen) throw badInput('That address or number is not on this person’s card any more. Choose another one.')
  return chosen.value
}

type Handle = Pick<Selectable<HandleTable>, 'id' | 'value' | 'valid' | 'first_at'>

const handleRows = keptQuery<{ personId: number; kind: HandleKind }, Handle>((db, value) =>
  db
    .selectFrom('handle')
    .select(['id', 'value', 'valid', 'first_at'])
    .where('person_id', '=', value('personId'))
    .where('kind', '=', value('kind'))
    .orderBy('last_used_at', 'desc')
    .orderBy('id', 'desc'),
)
