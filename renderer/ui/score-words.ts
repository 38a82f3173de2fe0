import type { InboxRow } from '../../src/inbox/contract.ts'

export type Judged = Pick<InboxRow, 'score' | 'tier' | 'grade' | 'qualification'>

export const tierNames = { hot: 'Hot', warm: 'Warm', nurture: 'Nurture' } as const
export const tierOrder = Object.keys(tierNames) as (keyof typeof tierNames)[]
/** For fields that offer them. */
export const tierChoices = tierOrder.map((value) => ({ value, label: tierNames[value] }))
export const answers = { qualified: 'Qualified', disqualified: 'Disqualified', open: 'To ask' } as const

/**
 * What a lead is worth, as short as a row allows: "84 A1", or "Hot" where numbers are hidden.
 * @param number whether people see numbers
 */
export function scoreWords({ score, tier, grade, qualification }: Judged, number: boolean): string {
  if (qualification !== null) return answers[qualification]
  // Without a grade no points were counted, and a number would pretend that there were.
  if (!number || grade === null) return tierNames[tier]
  return `${score} ${grade}`
}

/** The same for somebody who hears it. */
export function scoreSpoken(judged: Judged, number: boolean): string {
  const { score, tier, grade, qualification } = judged
  if (qualification !== null || !number || grade === null) return scoreWords(judged, number)
  return `Score ${score}, ${tier}, ${grade}`
}

/** How full the bar is, percent. */
export function scoreFill({ score, tier, grade }: Judged, number: boolean): number {
  if (number && grade !== null) return score
  return tier === 'hot' ? 100 : tier === 'warm' ? 60 : 25
}

/** What B2 means; for tooltips. */
export const gradeHint = 'A, B, C: how well they fit, A best. 1, 2, 3: how much they do, 1 most.'
