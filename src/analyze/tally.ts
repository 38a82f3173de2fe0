import type { Spans, Tally } from './contract.ts'
import { Times } from './spread.ts'

/** One verdict, as much of it as counting needs. */
export type Counted = {
  readonly met: 0 | 1
  readonly excused: string | null
  /** From start to stop, ms by the wall and in business time; null when nothing stopped it. */
  readonly took: { readonly wall: number; readonly business: number } | null
}

/** Counts verdicts of one group. */
export class Count {
  met = 0
  missed = 0
  excused = 0

  add({ met, excused }: Pick<Counted, 'met' | 'excused'>): void {
    if (met === 1) this.met += 1
    else if (excused === null) this.missed += 1
    else this.excused += 1
  }

  tally(): Tally {
    return { met: this.met, missed: this.missed, excused: this.excused }
  }
}

/** The same, with how long each took. */
export class TimedCount extends Count {
  readonly #times = new Times()

  override add(counted: Counted): void {
    super.add(counted)
    if (counted.took) this.#times.add(counted.took.wall, counted.took.business)
  }

  report(): { readonly tally: Tally; readonly took: Spans } {
    return { tally: this.tally(), took: this.#times.spans() }
  }
}

/** Groups that are made when their first verdict comes. */
export class Groups<K, C extends Count> {
  readonly #groups = new Map<K, C>()
  readonly #make: () => C

  constructor(make: () => C) {
    this.#make = make
  }

  add(key: K, counted: Counted): void {
    let count = this.#groups.get(key)
    if (!count) {
      count = this.#make()
      this.#groups.set(key, count)
    }
    count.add(counted)
  }

  entries(): [K, C][] {
    return [...this.#groups]
  }
}
