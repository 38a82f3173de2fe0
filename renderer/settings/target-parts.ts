import { day, hour, minute, second } from '../../src/lib/durations.ts'

export type TargetUnit = 'seconds' | 'minutes' | 'hours' | 'days'

const unitMs: Readonly<Record<TargetUnit, number>> = { seconds: second, minutes: minute, hours: hour, days: day }
export const targetUnits = Object.keys(unitMs) as TargetUnit[]
const shortest = 5 * second
const longest = 30 * day

/** A target in its largest whole unit: 7,200,000 ms is 2 hours. */
export function splitTarget(ms: number): { readonly amount: number; readonly unit: TargetUnit } {
  const unit = targetUnits.findLast((it) => ms % unitMs[it] === 0) ?? 'seconds'
  return { amount: Math.max(1, Math.round(ms / unitMs[unit])), unit }
}

/** At least 5 seconds, at most 30 days. */
export function joinTarget(amount: number, unit: TargetUnit): number {
  return Math.min(longest, Math.max(shortest, Math.round(amount) * unitMs[unit]))
}
