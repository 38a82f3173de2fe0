import { seededRandom } from '../../../../src/score/predict/random.ts'
import type { Cell, Table } from '../../../../src/score/predict/table.ts'

export type Row = { readonly cells: readonly Cell[]; readonly won: Cell }

/** A table of made-up leads; the outcome is the column "won". */
export function madeUp(names: readonly string[], rows: number, seed: number, make: (dice: Dice) => Row): Table {
  const dice = makeDice(seed)
  const made = Array.from({ length: rows }, () => make(dice))
  const columns = names.map((name, at) => ({ name, cells: made.map(({ cells }) => cells[at] ?? null) }))
  return { rowCount: rows, columns: [...columns, { name: 'won', cells: made.map(({ won }) => won) }] }
}

export type Dice = {
  readonly random: () => number
  readonly gauss: () => number
  readonly chance: (logOdds: number) => boolean
}

export function makeDice(seed: number): Dice {
  const random = seededRandom(seed)
  const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return { random, gauss, chance: (logOdds) => random() < 1 / (1 + Math.exp(-logOdds)) }
}

/** Numbers, a category, a flag and gaps; enough signal to be learnt from 400 rows. */
export function leads(rows: number, seed = 1): Table {
  return madeUp(['visits', 'source', 'called', 'budget'], rows, seed, ({ random, gauss, chance }) => {
    const visits = Math.round(Math.exp(gauss()) * 3)
    const source = ['Google', 'Referral', 'Fair', 'Mail'][Math.floor(random() * 4)] ?? 'Mail'
    const called = random() < 0.3
    const budget = random() < 0.2 ? null : Math.round(1000 * Math.exp(gauss()))
    const logOdds = -1.5 + 0.3 * visits + (source === 'Referral' ? 1.5 : 0) + (called ? 1 : 0)
    return { cells: [visits, source, called, budget], won: chance(logOdds) ? 'Won' : 'Lost' }
  })
}

/** A whole-number clock: times in reports are then the same on every run. */
export function stillClock(): () => number {
  return () => 0
}
