import type { Insertable } from 'kysely'
import type { Clocks } from '../contact/clocks.ts'
import { missingCase } from '../lib/assert.ts'
import { normalizeEmail, normalizePhone } from '../lib/handles.ts'
import { badInput, conflict, notFound } from '../rpc/errors.ts'
import { recordEvent } from '../store/queries/events.ts'
import { refreshLeadRow } from '../store/queries/lead-row.ts'
import { readSettings, saveSetting } from '../store/queries/settings.ts'
import type { MemberTable } from '../store/schema.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import { checkedCalendars } from './check-settings.ts'
import type { Calendar, Member, MemberToSave, RouteRule, Routing } from './contract.ts'

/** Everybody who was not removed, by name, with the absences that are not over at `now`. */
export async function readTeam(store: ReadStore, now: number): Promise<Member[]> {
  const rows = await store.db.selectFrom('member').selectAll().where('removed_at', 'is', null).orderBy('id').execute()
  const absences = await store.db
    .selectFrom('absence')
    .select(['member_id', 'starts_at as startsAt', 'ends_at as endsAt', 'reason'])
    .where('ends_at', '>', now)
    .orderBy('starts_at')
    .orderBy('id')
    .execute()
  return rows
    .map(({ id, name, email, mobile, on_duty, calendar, skills, capacity }) => ({
      id,
      name,
      email,
      mobile,
      onDuty: on_duty === 1,
      calendar,
      skills: JSON.parse(skills) as string[],
      capacity,
      absences: absences.flatMap(({ member_id, ...it }) => (member_id === id ? [it] : [])),
    }))
    .toSorted((a, b) => a.name.localeCompare(b.name))
}

/**
 * Adds or changes a member.
 * @returns the id, whether somebody came on duty who was not before, and whether somebody went: by the switch, or on
 *   vacation from now on
 * @throws DeskbellError `BAD_INPUT`, `CONFLICT`, `NOT_FOUND`
 */
export async function saveMember(
  tx: WriteStore,
  member: MemberToSave,
  at: number,
): Promise<{ readonly id: number; readonly cameOnDuty: boolean; readonly went: boolean }> {
  const { business, calendars, me } = await readSettings(tx)
  const team = await readTeam(tx, at)
  const name = member.name.trim()
  if (team.some((it) => it.id !== member.id && it.name.toLowerCase() === name.toLowerCase())) {
    throw conflict(`There is a ${name} in the team already. Add a last name or an initial.`)
  }
  const { calendar, skills, capacity } = member
  const known = (id: string) => id === 'business' || id === 'always' || calendars.some((it) => it.id === id)
  if (calendar && !known(calendar)) throw badInput('These working hours are not there any more. Choose others.')
  const values = {
    name,
    email: checkedAddress(member.email),
    mobile: checkedMobile(member.mobile, business.country),
    on_duty: member.onDuty ? (1 as const) : (0 as const),
    ...(calendar === undefined ? {} : { calendar }),
    ...(skills === undefined ? {} : { skills: JSON.stringify(checkedSkills(skills)) }),
    ...(capacity === undefined ? {} : { capacity }),
  }
  tx.changed('member')
  const before = team.find((it) => it.id === member.id)
  if (member.id !== null && !before) throw notFound('This member of your team')
  const id = before?.id ?? (await insertMember(tx, values, at))
  if (before) await tx.db.updateTable('member').set(values).where('id', '=', id).execute()
  // Whoever sets up the business is the one in front of the window.
  else if (me === null) await saveSetting(tx, 'me', id)
  if (member.absences) await saveAbsences(tx, id, member.absences, at)
  if (member.hours) await saveHours(tx, id, name, member.hours)
  const after = { onDuty: member.onDuty, absences: member.absences ?? before?.absences ?? [] }
  const went = before !== undefined && isThere(before, at) && !isThere(after, at)
  return { id, cameOnDuty: member.onDuty && !before?.onDuty, went }
}

const isThere = ({ onDuty, absences }: Pick<Member, 'onDuty' | 'absences'>, at: number) =>
  onDuty && !absences.some((it) => it.startsAt <= at && at < it.endsAt)

async function insertMember(
  tx: WriteStore,
  values: Pick<Insertable<MemberTable>, 'name' | 'email' | 'mobile' | 'on_duty'>,
  at: number,
): Promise<number> {
  const { id } = await tx.db
    .insertInto('member')
    .values({ ...values, created_at: at, removed_at: null })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** What is over stays on record: it says why somebody got nothing then. */
async function saveAbsences(tx: WriteStore, id: number, absences: Member['absences'], at: number): Promise<void> {
  await tx.db.deleteFrom('absence').where('member_id', '=', id).where('ends_at', '>', at).execute()
  for (const { startsAt, endsAt, reason } of absences) {
    const row = { member_id: id, starts_at: startsAt, ends_at: endsAt, reason }
    await tx.db.insertInto('absence').values(row).execute()
  }
}

const calendarOf = (memberId: number) => `member-${memberId}`

/** Their own week; days off of the business are theirs, too, until somebody changes that among the calendars. */
async function saveHours(tx: WriteStore, id: number, name: string, hours: Calendar['hours']): Promise<void> {
  const { business, calendars } = await readSettings(tx)
  const own = calendars.find((it) => it.id === calendarOf(id))
  const calendar: Calendar = {
    id: calendarOf(id),
    name: own?.name ?? `Hours of ${name}`.slice(0, 100),
    zone: own?.zone ?? business.zone,
    hours,
    alwaysOpen: false,
    days: own?.days ?? business.days,
  }
  const others = calendars.filter((it) => it.id !== calendar.id)
  await saveSetting(tx, 'calendars', checkedCalendars([...others, calendar]))
  await tx.db.updateTable('member').set({ calendar: calendar.id }).where('id', '=', id).execute()
}

function checkedSkills(skills: readonly string[]): string[] {
  const byWord = new Map(skills.map((it) => [it.toLowerCase(), it]))
  return [...byWord.values()]
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
  const team = await readTeam(tx, at)
  const leaving = team.find((it) => it.id === id)
  if (!leaving) throw notFound('This member of your team')
  if (team.length === 1) throw conflict('Somebody has to be left to answer. Add another person first.')
  await tx.db.updateTable('member').set({ removed_at: at, on_duty: 0 }).where('id', '=', id).execute()
  tx.changed('member')
  const { me, routing, calendars, slaExceptions } = await readSettings(tx)
  if (me === id) await saveSetting(tx, 'me', null)
  await saveSetting(tx, 'routing', routingWithout(routing, id))
  const own = calendarOf(id)
  const isUsed =
    slaExceptions.some((it) => it.calendar === own) || team.some((it) => it.id !== id && it.calendar === own)
  if (!isUsed) {
    const others = calendars.filter((it) => it.id !== own)
    await saveSetting(tx, 'calendars', others)
  }

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

/**
 * The rules when somebody left. One that was for nobody else keeps their id: it gives to nobody from then on and is
 * named so among the rules. The last one is for everybody instead, since some rule has to take every lead.
 */
function routingWithout(routing: Routing, memberId: number): Routing {
  const rules = routing.rules.map((rule, index): RouteRule => {
    const left = giveWithout(rule.give, memberId)
    if (left) return { ...rule, give: left }
    return index === routing.rules.length - 1 ? { ...rule, give: { how: 'turn', to: [] } } : rule
  })
  return { ...routing, rules }
}

/** @returns null when nobody else is in it */
function giveWithout(give: RouteRule['give'], memberId: number): RouteRule['give'] | null {
  switch (give.how) {
    case 'turn':
    case 'load': {
      const to = give.to.filter((it) => it !== memberId)
      return to.length === 0 && give.to.length > 0 ? null : { ...give, to }
    }
    case 'weights': {
      const shares = give.shares.filter((it) => it.memberId !== memberId)
      return shares.length === 0 ? null : { ...give, shares }
    }
    case 'member':
      return give.memberId === memberId ? null : give
    case 'skill':
    case 'queue':
      return give
    default:
      return missingCase(give)
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
