import type { Member, Settings } from '../../src/settings/contract.ts'
import { dayName } from '../ui/time-format.ts'

/** When somebody gets leads and what they can do, in a few words each. */
export function dutyWords(member: Member, { business, calendars }: Settings, now: number): string[] {
  const { onDuty, calendar, skills, capacity, absences } = member
  const away = absences.find((it) => it.startsAt <= now && now < it.endsAt)
  const place = { zone: business.zone }
  const hours =
    calendar === null
      ? null
      : calendar === 'business'
        ? 'business hours'
        : calendar === `member-${member.id}`
          ? 'own hours'
          : (calendars.find((it) => it.id === calendar)?.name ?? 'business hours')
  const next = away ? null : absences[0]
  return [
    away ? `away until ${dayName(away.endsAt - 1, now, place)}` : onDuty ? 'on duty' : 'off duty',
    ...(hours === null ? [] : [hours]),
    ...(next ? [`away from ${dayName(next.startsAt, now, place)}`] : []),
    ...(capacity === null ? [] : [`up to ${capacity} leads`]),
    ...(skills.length === 0 ? [] : [skills.join(', ')]),
  ]
}
