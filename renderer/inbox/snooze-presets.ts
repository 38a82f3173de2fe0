import dayjs from 'dayjs'

export type SnoozePreset = { readonly label: string; readonly until: number }

const hours = 3

/** The moments people snooze to, soonest first; those that are over or nearly over are left out. Local time. */
export function snoozePresets(now: number): readonly SnoozePreset[] {
  const today = dayjs(now).startOf('minute')
  const at = (day: dayjs.Dayjs, hour: number) => day.startOf('day').hour(hour)
  const saturday = today.day() === 6 ? today.add(7, 'day') : today.day(6)
  const monday = today.add((8 - today.day()) % 7 || 7, 'day')
  const all = [
    { label: `In ${hours} hours`, when: today.add(hours, 'hour') },
    { label: 'This afternoon', when: at(today, 13) },
    { label: 'This evening', when: at(today, 19) },
    { label: 'Tomorrow morning', when: at(today.add(1, 'day'), 8) },
    { label: 'Weekend', when: at(saturday, 10) },
    { label: 'Next week', when: at(monday, 8) },
    { label: 'In a month', when: at(today.add(1, 'month'), 8) },
  ]
  return all
    .filter(({ when }) => when.diff(now, 'minute') >= 30)
    .sort((a, b) => a.when.valueOf() - b.when.valueOf())
    .map(({ label, when }) => ({ label, until: when.valueOf() }))
}
