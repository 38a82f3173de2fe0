import { day, hour, minute } from '../../src/lib/durations.ts'

export type TargetUnit = 'minutes' | 'hours' | 'days'

export const unitMs: Readonly<Record<TargetUnit, number>> = { minutes: minute, hours: hour, days: day }
const longest = 30 * day

/** A target in its largest whole unit: 7,200,000 ms is 2 hours. */
export function splitTarget(ms: number): { readonly amount: number; readonly unit: TargetUnit } {
  const unit = ms % day === 0 ? 'days' : ms % hour === 0 ? 'hours' : 'minutes'
  return { amount: Math.max(1, Math.round(ms / unitMs[unit])), unit }
}

/** At least a minute, at most 30 days. */
export function joinTarget(amount: number, unit: TargetUnit): number {
  return Math.min(longest, Math.max(minute, Math.round(amount) * unitMs[unit]))
}
