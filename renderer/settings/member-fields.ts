import type { Member, MemberToSave, OpeningHours, Settings } from '../../src/settings/contract.ts'
import { dayOf, dayStart, nextDay } from '../ui/zoned-days.ts'
import type { DayRange } from './absences-field.tsx'

/** Chosen where the hours are written down for one person alone. */
export const ownHours = 'own'
const noHours = 'none'

type Around = Pick<Settings, 'business' | 'calendars'>

const calendarOf = (member: Member | null) => (member ? `member-${member.id}` : null)

export type MemberFields = {
  name: string
  email: string
  mobile: string
  onDuty: boolean
  calendar: string
  hours: OpeningHours
  absences: DayRange[]
  skills: string[]
  capacity: number | ''
}

/** What the dialog shows of a member. */
export function fieldsOf(member: Member | null, { business, calendars }: Around): MemberFields {
  const own = calendars.find((it) => it.id === calendarOf(member))
  const calendar = member?.calendar ?? noHours
  return {
    name: member?.name ?? '',
    email: member?.email ?? '',
    mobile: member?.mobile ?? '',
    onDuty: member?.onDuty ?? true,
    calendar: calendar === calendarOf(member) ? ownHours : calendar,
    // Whoever begins to write down hours starts from those of the business.
    hours: own?.hours ?? business.hours,
    absences: (member?.absences ?? []).map(({ startsAt, endsAt, reason }, key) => ({
      ...{ key, first: dayOf(startsAt, business.zone), last: dayOf(endsAt - 1, business.zone), reason },
    })),
    skills: [...(member?.skills ?? [])],
    capacity: member?.capacity ?? '',
  }
}

/** What is saved of them. @param zone of the business, in whose days vacations are counted */
export function memberFrom(fields: MemberFields, member: Member | null, zone: string): MemberToSave {
  const { name, email, mobile, onDuty, calendar, hours, absences, skills, capacity } = fields
  return {
    id: member?.id ?? null,
    name,
    email: email.trim() || null,
    mobile: mobile.trim() || null,
    onDuty,
    ...(calendar === ownHours ? { hours } : { calendar: calendar === noHours ? null : calendar }),
    skills,
    capacity: capacity === '' ? null : Number(capacity),
    absences: absences.map(({ first, last, reason }) => ({
      startsAt: dayStart(first, zone),
      endsAt: dayStart(nextDay(last), zone),
      reason: reason.trim(),
    })),
  }
}

/** Whose hours a member can have. */
export function hoursChoices({ calendars }: Around, member: Member | null) {
  // Those of another person are no choice: they go when that person goes.
  const shared = calendars.filter((it) => !it.id.startsWith('member-'))
  const kept = calendars.filter((it) => it.id === member?.calendar && it.id !== calendarOf(member))
  return [
    { value: noHours, label: 'Whenever the switch is on' },
    { value: 'business', label: 'The opening hours of the business' },
    ...[...new Set([...shared, ...kept])].map(({ id, name }) => ({ value: id, label: name })),
    { value: ownHours, label: 'Hours of their own' },
  ]
}
