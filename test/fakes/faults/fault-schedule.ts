import type { Fault, FaultProxy } from './fault-proxy.ts'

/** One line that has trouble now and then. */
export type Line = { readonly name: string; readonly proxy: FaultProxy }

export type Schedule = {
  /** Ends every fault. Connections that lost something stay dead. */
  readonly stop: () => Promise<void>
}

const calm = { from: 400, to: 1600 }
const trouble = { from: 100, to: 800 }

/**
 * Trouble on every line, each at its own times, until stopped.
 * @param random 0 ≤ x < 1
 */
export function troubleOn(lines: readonly Line[], random: () => number): Schedule {
  let over = false
  let wake = () => {}
  const ended = new Promise<void>((resolve) => {
    wake = resolve
  })
  const pause = ({ from, to }: typeof calm) => {
    const ms = from + random() * (to - from)
    let timer: NodeJS.Timeout | undefined
    const passed = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms)
    })
    return Promise.race([passed, ended]).finally(() => clearTimeout(timer))
  }
  const work = lines.map(async ({ proxy }) => {
    for (;;) {
      await pause(calm)
      if (over) break
      await proxy.set(someFault(random))
      await pause(trouble)
      await proxy.set(null)
    }
    await proxy.set(null)
  })
  return {
    stop: async () => {
      over = true
      wake()
      await Promise.all(work)
    },
  }
}

function someFault(random: () => number): Fault {
  const upTo = (most: number) => Math.floor(random() * most)
  const faults: readonly Fault[] = [
    { kind: 'cut', afterBytes: upTo(6000) },
    { kind: 'cut', afterBytes: upTo(300) },
    { kind: 'reset', afterBytes: upTo(3000) },
    { kind: 'refuse' },
    { kind: 'delay', ms: 20 + upTo(300) },
    { kind: 'trickle', bytes: 20 + upTo(400) },
    { kind: 'half-open', way: 'both' },
    { kind: 'half-open', way: 'up' },
    { kind: 'half-open', way: 'down' },
    { kind: 'silent' },
  ]
  return faults[upTo(faults.length)] ?? { kind: 'refuse' }
}
