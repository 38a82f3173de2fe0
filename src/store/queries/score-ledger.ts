import type { LedgerEntry } from '../../score/contract.ts'
import type { ReadStore } from '../store.ts'
import { keptQuery } from './kept-query.ts'

/** As entries are stored: as one JSON, since they are read, compared and written together. */
type Packed = readonly [
  rule: string,
  points: number,
  reason: string,
  kind: LedgerEntry['kind'],
  raw: number,
  axis: LedgerEntry['axis'],
  at: number | null,
]

/** The same entries always make the same text, in whatever order they are given. */
export function packLedger(entries: readonly LedgerEntry[]): string {
  const packed = inOrder(entries).map(
    ({ rule, points, reason, kind, raw, axis, at }): Packed => [rule, points, reason, kind, raw, axis, at],
  )
  return JSON.stringify(packed)
}

/** Most come in order already, and this is asked for every lead there is. */
function inOrder(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const isSorted = entries.every((it, n) => n === 0 || (entries[n - 1]?.rule ?? '') < it.rule)
  return isSorted ? entries : entries.toSorted((a, b) => (a.rule < b.rule ? -1 : 1))
}

export function unpackLedger(entries: string): LedgerEntry[] {
  const packed = JSON.parse(entries) as Packed[]
  return packed.map(([rule, points, reason, kind, raw, axis, at]) => ({ rule, points, reason, kind, raw, axis, at }))
}

/** Why a lead has its score: what weighs most comes first. */
export async function readLedger(store: ReadStore, leadId: number): Promise<LedgerEntry[]> {
  const [row] = await storedLedger(store, { leadId })
  return row ? unpackLedger(row.entries).toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points)) : []
}

/** What is stored of it; nobody was scored yet when there is none. */
export const storedLedger = keptQuery<{ leadId: number }, { readonly entries: string }>((db, value) =>
  db.selectFrom('score_ledger').select('entries').where('lead_id', '=', value('leadId')),
)
