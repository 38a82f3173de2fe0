/** One line of a benchmark's answer: aligned, with what it stands beside. */
export function printFigure(name: string, value: string, beside = ''): void {
  process.stdout.write(`${name.padEnd(48)} ${value.padStart(18)}  ${beside}\n`)
}

/** @param values any order */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN
}

export const ms = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ms`
export const perSecond = (count: number, tookMs: number) => `${Math.round((count * 1000) / tookMs)}/s`
