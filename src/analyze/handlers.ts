import type { Clock } from '../lib/clock.ts'
import type { HandlersOf } from '../rpc/serve.ts'
import type { ReadCalendars } from '../store/queries/calendars.ts'
import { verdictPage } from '../store/queries/verdicts.ts'
import type { Store } from '../store/store.ts'
import type { analyzeContract } from './contract.ts'
import { excuseMiss } from './excuse.ts'
import { readCompliance } from './read-compliance.ts'

export type AnalyzeDeps = { readonly store: Store; readonly clock: Clock; readonly readCalendars: ReadCalendars }

/** Answers `analyze.*` of the contract. */
export function makeAnalyzeHandlers(deps: AnalyzeDeps): HandlersOf<typeof analyzeContract> {
  const { store, clock, readCalendars } = deps
  return {
    'analyze.compliance': (asked) => readCompliance(store.read, readCalendars, { ...asked, now: clock.now() }),

    'analyze.complianceLeads': async ({ after, limit, to, ...slice }) => {
      const range = { ...slice, to: Math.min(to, clock.now() + 1) }
      const found = await verdictPage(store.read, range, { after, limit }).execute()
      const rows = found.slice(0, limit)
      const last = found.length > limit ? rows.at(-1) : undefined
      return {
        rows: rows.map(({ at: _, met, name, ...row }) => ({
          ...row,
          name: name ?? '',
          verdict: met === 1 ? 'met' : row.excused === null ? 'missed' : 'excused',
        })),
        next: last ? { at: last.at, clockId: last.clockId } : null,
      }
    },

    'analyze.excuse': async (asked) => {
      await store.write((tx) => excuseMiss(tx, asked, clock.now()))
      return {}
    },
  }
}
