import type { Calendar, SlaException } from '../../src/settings/contract.ts'
import { channelNames } from '../ui/channel-glyph.tsx'
import { stageNames } from '../ui/stage-names.ts'
import { clockNames, slaClocks } from './target-field.tsx'
import { splitTarget } from './target-parts.ts'

/** What deadlines can go by, the fixed ones first. */
export const calendarChoices = (calendars: readonly Calendar[]) => [
  { value: 'business', label: 'Opening hours of the business' },
  { value: 'always', label: 'Day and night' },
  ...calendars.map((it) => ({ value: it.id, label: it.name })),
]

/** "2 hours" */
function targetWords(ms: number): string {
  const { amount, unit } = splitTarget(ms)
  return `${amount} ${amount === 1 ? unit.slice(0, -1) : unit}`
}

/** An exception in a sentence: whom it is for, what it changes, by which calendar. */
export function exceptionWords({ when, targets, calendar }: SlaException, calendars: readonly Calendar[]): string {
  const whom = [
    ...(when.tiers.length > 0 ? [when.tiers.join(' or ')] : []),
    ...(when.channels.length > 0 ? [when.channels.map((it) => channelNames[it]).join(' or ')] : []),
    ...(when.stages.length > 0 ? [when.stages.map((it) => stageNames[it].toLowerCase()).join(' or ')] : []),
    ...(when.outsideHours ? ['came while you were closed'] : []),
  ]
  const what = slaClocks.flatMap((clock) => {
    const target = targets[clock]
    if (target === undefined) return []
    return [`${clockNames[clock].toLowerCase()}: ${target === null ? 'no deadline' : targetWords(target)}`]
  })
  const where = calendarChoices(calendars).find((it) => it.value === calendar)?.label ?? 'Opening hours of the business'
  return `${whom.join(', ') || 'every lead'} → ${what.join(', ') || 'nothing changes'} · ${where.toLowerCase()}`
}
