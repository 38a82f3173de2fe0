import type { Dataset } from './dataset.ts'
import { auc } from './metrics.ts'
import { crossWorth } from './target-encoding.ts'

/** A column that may have been filled in only after the outcome was known. */
export type LeakWarning = {
  readonly column: string
  readonly why: 'decides-alone' | 'filled-after' | 'value-decides' | 'name'
  /** For people: what was seen. */
  readonly detail: string
}

const suspiciousAuc = 0.98
// A value counts as deciding when it is on so many rows, which went one way so surely, against a base far from it.
const fewestRows = 50
const surelyShare = 0.95
const farFromBase = 0.3
const outcomeName =
  /\b(closed?|won|lost|loss|outcome|result|converted|conversion|invoice[ds]?|paid|payment|churn(ed)?|contract|signed|disposition|lost reason|(deal|lead) (stage|status|value))\b/i

/**
 * Columns to look at before the model is believed: one alone tells nearly everything, one is known only for one of the
 * outcomes, one value all but settles it, or the name speaks of what comes after. They are only told, never left out.
 */
export function leakWarnings(data: Dataset, seed: number): LeakWarning[] {
  const rows = Int32Array.from(data.outcomes.keys())
  const warnings = new Map<string, LeakWarning>()
  data.features.forEach(({ column }, at) => {
    if (warnings.has(column)) return
    const found = alone(data, at, rows, seed) ?? filledAfter(data, at) ?? valueDecides(data, at) ?? byName(column)
    if (found) warnings.set(column, { column, ...found })
  })
  return [...warnings.values()]
}

type Found = Pick<LeakWarning, 'why' | 'detail'> | null

function alone(data: Dataset, at: number, rows: Int32Array, seed: number): Found {
  const { values = new Float64Array(), levelCount = null } = data.features[at] ?? {}
  const scores = levelCount === null ? values : crossWorth(data, at, rows, seed)
  const known = rows.filter((row) => !Number.isNaN(scores[row] as number))
  const area = auc(
    known.map((row) => data.outcomes[row] as number),
    Float64Array.from(known, (row) => scores[row] as number),
  )
  const either = Math.max(area, 1 - area)
  if (!(either > suspiciousAuc) || known.length < rows.length / 10) return null
  return { why: 'decides-alone', detail: `this column alone reaches an AUC of ${either.toFixed(3)}` }
}

function filledAfter({ features, outcomes }: Dataset, at: number): Found {
  const { values = new Float64Array() } = features[at] ?? {}
  const counts = { knownHit: 0, hit: 0, knownMiss: 0, miss: 0 }
  outcomes.forEach((outcome, row) => {
    const isKnown = !Number.isNaN(values[row] as number)
    if (outcome === 1) {
      counts.hit++
      if (isKnown) counts.knownHit++
    } else {
      counts.miss++
      if (isKnown) counts.knownMiss++
    }
  })
  const [hits, misses] = [counts.knownHit / counts.hit, counts.knownMiss / counts.miss]
  if (Math.min(counts.hit, counts.miss) < fewestRows / 2 || Math.abs(hits - misses) < 0.6) return null
  return {
    why: 'filled-after',
    detail: `filled in for ${percent(hits)} of the successes and ${percent(misses)} of the others`,
  }
}

function valueDecides({ features, outcomes }: Dataset, at: number): Found {
  const { values = new Float64Array(), levelCount = null } = features[at] ?? {}
  if (levelCount === null) return null
  const counts = new Int32Array(levelCount + 1)
  const hits = new Int32Array(levelCount + 1)
  let all = 0
  outcomes.forEach((outcome, row) => {
    all += outcome
    const code = values[row] as number
    if (Number.isNaN(code)) return
    counts[code] = (counts[code] as number) + 1
    hits[code] = (hits[code] as number) + outcome
  })
  const base = all / outcomes.length
  let deciding = 0
  for (let code = 0; code < counts.length; code++) {
    const count = counts[code] as number
    const share = (hits[code] as number) / count
    if (count >= fewestRows && Math.max(share, 1 - share) >= surelyShare && Math.abs(share - base) >= farFromBase)
      deciding += count
  }
  if (deciding < outcomes.length / 10) return null
  return {
    why: 'value-decides',
    detail: `its values settle the outcome almost surely in ${percent(deciding / outcomes.length)} of the rows`,
  }
}

function byName(column: string): Found {
  return outcomeName.test(column) ? { why: 'name', detail: 'its name speaks of what comes after the outcome' } : null
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`
}
