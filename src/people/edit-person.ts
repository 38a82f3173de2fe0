import { normalizeEmail, normalizePhone } from '../lib/handles.ts'
import { badInput, conflict, notFound } from '../rpc/errors.ts'
import { recordEvent } from '../store/queries/events.ts'
import { personByHandle, personById } from '../store/queries/person.ts'
import { type KnownValue, rememberFields } from '../store/queries/person-fields.ts'
import { indexPerson } from '../store/queries/search.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { WriteStore } from '../store/store.ts'
import type { HandleKind } from './contract.ts'

/** A name the user typed is never overwritten by one that a channel brings. */
export const typedByUser = 2

export type PersonValues = {
  readonly name?: string
  readonly company?: string | null
  readonly title?: string | null
}
export type PhoneRegionOf = (number: string) => { readonly region: string | null; readonly zone: string | null }

/** @throws DeskbellError `NOT_FOUND`; `BAD_INPUT` for an empty name */
export async function updatePerson(tx: WriteStore, personId: number, values: PersonValues, at: number): Promise<void> {
  const person = await personById(tx, personId)
  if (!person) throw notFound('This person')
  if (values.name === '') throw badInput('Please type a name.')
  const renamed = values.name !== undefined && values.name !== person.name
  const { me } = await readSettings(tx)
  const typed = (['name', 'company', 'title'] as const).flatMap((field): KnownValue[] => {
    const value = values[field]
    // A saved name is a name somebody looked at; an unchanged company is only what stood there.
    const says = field === 'name' ? value !== undefined : value !== undefined && value !== person[field]
    return says ? [{ field, value: value ?? '', origin: 'typed', confidence: 100, at, authorId: me }] : []
  })
  await rememberFields(tx, personId, typed, at)
  if (renamed) {
    const text = person.name === '' ? `Named ${values.name}` : `Name changed from ${person.name} to ${values.name}`
    await recordEvent(tx, { at, type: 'person.renamed', personId, authorId: me, text, data: { before: person.name } })
  }
  await indexPerson(tx, personId)
  tx.changed('person', personId)
}

/**
 * Adds an address or a number, so that what comes from it finds this person. Adding it twice is no error.
 * @param tell whether the timeline says so
 * @returns the id of the handle
 * @throws DeskbellError `BAD_INPUT` when it is none, `CONFLICT` when it is somebody else's
 */
export async function addHandle(
  tx: WriteStore,
  personId: number,
  input: { readonly kind: HandleKind; readonly value: string },
  { at, phoneRegion, tell }: { readonly at: number; readonly phoneRegion: PhoneRegionOf; readonly tell: boolean },
): Promise<number> {
  const person = await personById(tx, personId)
  if (!person) throw notFound('This person')
  const { me, business } = await readSettings(tx)
  const value = readHandle(input.kind, input.value, business.country)
  const known = await personByHandle(tx, input.kind, value)
  if (known?.personId === personId) return known.handleId
  if (known) {
    const what = input.kind === 'email' ? 'This address' : 'This number'
    throw conflict(`${what} already belongs to ${known.name || 'somebody else'}.`)
  }
  const { id } = await tx.db
    .insertInto('handle')
    .values({
      person_id: personId,
      kind: input.kind,
      value,
      label: null,
      opted_out_at: null,
      last_used_at: at,
      created_at: at,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  if (input.kind === 'phone') {
    const { region, zone } = phoneRegion(value)
    await tx.db
      .updateTable('person')
      .set({ region: person.region ?? region, zone: person.zone ?? zone, updated_at: at })
      .where('id', '=', personId)
      .execute()
  }
  await recordEvent(tx, {
    at,
    type: 'person.handle_added',
    personId,
    authorId: me,
    text: tell ? `Added ${value}` : '',
    data: { kind: input.kind, value },
  })
  await indexPerson(tx, personId)
  tx.changed('person', personId)
  return id
}

/** @throws DeskbellError `NOT_FOUND`; `BAD_INPUT` for an address: consent is about texts */
export async function setConsent(tx: WriteStore, handleId: number, agreed: boolean, at: number): Promise<void> {
  const handle = await tx.db
    .selectFrom('handle')
    .select(['person_id', 'kind', 'value', 'consent'])
    .where('id', '=', handleId)
    .executeTakeFirst()
  if (!handle) throw notFound('This number')
  if (handle.kind !== 'phone') throw badInput('Only a number can get texts.')
  const consent = agreed ? 'given' : 'none'
  if (handle.consent === consent) return
  await tx.db.updateTable('handle').set({ consent }).where('id', '=', handleId).execute()
  const { me } = await readSettings(tx)
  await recordEvent(tx, {
    at,
    type: 'person.consent',
    personId: handle.person_id,
    authorId: me,
    text: agreed ? `Agreed to get texts on ${handle.value}` : `Has not agreed to get texts on ${handle.value}`,
    data: { handleId, before: handle.consent, after: consent },
  })
  tx.changed('person', handle.person_id)
}

/** In the form in which handles are stored. @throws DeskbellError `BAD_INPUT` */
export function readHandle(kind: HandleKind, value: string, country: string): string {
  const read = kind === 'email' ? normalizeEmail(value) : normalizePhone(value, country)
  if (read !== null) return read
  throw badInput(
    kind === 'email'
      ? 'That is no e-mail address. It should look like name@example.com.'
      : 'That is no phone number. Type it with its area code, or with + and the country code.',
  )
}
