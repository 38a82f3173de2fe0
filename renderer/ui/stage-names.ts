import type { LeadStage } from '../../src/convert/contract.ts'

/** How far a lead is, in a word. */
export const stageNames: Readonly<Record<LeadStage, string>> = {
  new: 'New',
  contacted: 'Contacted',
  qualified: 'Qualified',
  won: 'Won',
  lost: 'Lost',
  disqualified: 'Disqualified',
}
