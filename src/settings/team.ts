import type { Clocks } from '../contact/clocks.ts'
import { normalizeEmail, normalizePhone } from '../lib/handles.ts'
import { badInput, conflict, notFound } from '../rpc/errors.ts'
import { recordEvent } from '../store/queries/events.ts'
import { refreshLeadRow } from '../store/queries/lead-row.ts'
import { readSettings, saveSetting } from '../store/queries/settings.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import type { Member } from './contract.ts'

/** Everybody who was not removed, by name. */
export async function readTeam(store: ReadStore): Promise<Member[]> {
  const rows = await store.db.selectFrom('member').selectAll().where('removed_at', 'is', null).orderBy('id').execute()
  return rows
    .map(({ id, name, email, mobile, on_duty }) => ({ id, name, email, mobile, onDuty: on_duty === 1 }))
    .toSorted((a, b) => a.name.localeCompare(b.name))
}

export type MemberToSave = Omit<Member, 'id'> & { readonly id: number | null }

/**
 * Adds or changes a member.
 * @returns the id, and whether somebody came on duty who was not before
 * @throws DeskbellError `BAD_INPUT`, `CONFLICT`, `NOT_FOUND`
 */
export async function saveMember(
  tx: WriteStore,
  member: MemberToSave,
  at: number,
): Promise<{ readonly id: number; readonly cameOnDuty: boolean }> {
  const { business, me } = await readSettings(tx)
  const team = await readTeam(tx)
  const name = member.name.trim()
  if (team.some((it) => it.id !== member.id && it.name.toLowerCase() === name.toLowerCase())) {
    throw conflict(`There is a ${name} in the team already. Add a last name or an initial.`)
  }
  const values = {
    name,
    email: checkedAddress(member.email),
    mobile: checkedMobile(member.mobile, business.country),
    on_duty: member.onDuty ? (1 as const) : (0 as const),
  }
  tx.changed('member')
  if (member.id === null) {
    const { id } = await tx.db
      .insertInto('member')
      .values({ ...values, created_at: at, removed_at: null })
      .returning('id')
      .executeTakeFirstOrThrow()
    // Whoever sets up the business is the one in front of the window.
    if (me === null) await saveSetting(tx, 'me', id)
    return { id, cameOnDuty: member.onDuty }
  }
  const before = team.find((it) => it.id === member.id)
  if (!before) throw notFound('This member of your team')
  await tx.db.updateTable('member').set(values).where('id', '=', member.id).execute()
  return { id: member.id, cameOnDuty: member.onDuty && !before.onDuty }
}

/**
 * Takes a member out of the team. Their open leads are nobody's afterwards: the caller routes them anew in the same
 * transaction. Their name stays on what they did.
 * @throws DeskbellError `CONFLICT` for the last one, `NOT_FOUND`
 */
export async function removeMember(
  tx: WriteStore,
  id: number,
  at: number,
  clocks: Pick<Clocks, 'owned'>,
): Promise<void> {
  const team = await readTeam(tx)
  const leaving = team.find((it) => it.id === id)
  if (!leaving) throw notFound('This member of your team')
  if (team.length === 1) throw conflict('Somebody has to be left to answer. Add another person first.')
  await tx.db.updateTable('member').set({ removed_at: at, on_duty: 0 }).where('id', '=', id).execute()
  tx.changed('member')
  const { me } = await readSettings(tx)
  if (me === id) await saveSetting(tx, 'me', null)

  const leads = await tx.db
    .selectFrom('lead')
    .select(['id', 'person_id'])
    .where('owner_id', '=', id)
    .where('status', '=', 'open')
    .execute()
  const reason = `${leaving.name} left the team`
  for (const lead of leads) {
    await tx.db.updateTable('lead').set({ owner_id: null, owner_reason: reason }).where('id', '=', lead.id).execute()
    await clocks.owned(tx, lead.id, at)
    const data = { from: id, to: null }
    await recordEvent(tx, { at, type: 'lead.released', personId: lead.person_id, leadId: lead.id, text: reason, data })
    await refreshLeadRow(tx, lead.id)
  }
}

function checkedAddress(email: string | null): string | null {
  if (!email) return null
  const address = normalizeEmail(email)
  if (address === null) throw badInput('That is not a whole e-mail address.')
  return address
}

function checkedMobile(mobile: string | null, country: string): string | null {
  if (!mobile) return null
  const number = normalizePhone(mobile, country)
  if (!number?.startsWith('+')) {
    throw badInput('That is not a whole phone number. Write it with its country, like +1 415 555 0142.')
  }
  return number
}
