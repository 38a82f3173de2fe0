import { describe, expect, it } from 'vitest'
import { createBatcher, createRefetcher } from '../../../renderer/rpc/batch.ts'
import type { StoreChange } from '../../../renderer/rpc/touches.ts'
import { touches } from '../../../renderer/rpc/touches.ts'
import { createTicker } from '../../../renderer/ui/ticker.ts'
import { changedTable, contract } from '../../../src/rpc/contract.ts'

/** Timers in the hand of the test. */
function hand() {
  let now = 0
  let tasks: { at: number; run: () => void }[] = []
  return {
    clock: () => now,
    after: (ms: number, run: () => void) => {
      const task = { at: now + ms, run }
      tasks.push(task)
      return () => {
        tasks = tasks.filter((it) => it !== task)
      }
    },
    pass: (ms: number) => {
      const end = now + ms
      for (;;) {
        const next = tasks.toSorted((a, b) => a.at - b.at)[0]
        if (!next || next.at > end) break
        tasks = tasks.filter((it) => it !== next)
        now = next.at
        next.run()
      }
      now = end
    },
    waiting: () => tasks.length,
  }
}

describe('createRefetcher', () => {
  const about = (count: number): StoreChange => ({
    tables: ['interaction'],
    personIds: Array.from({ length: count }, (_, i) => i),
  })

  it('shows what one person did at once, also while mail of thousands comes in', () => {
    const { after, pass } = hand()
    const flushed: number[][] = []
    const { add } = createRefetcher((changes) => flushed.push(changes.map(({ personIds }) => personIds.length)), after)
    for (let batch = 0; batch < 20; batch++) {
      add(about(100))
      pass(100)
      if (batch !== 14) continue
      add(about(1))
      pass(0)
      expect(flushed.at(-1)).toEqual([1])
    }
    // Two seconds: the first batch at once, then nine and ten together.
    expect(flushed.filter((counts) => counts.includes(100)).map((counts) => counts.length)).toEqual([1, 9, 10])
  })

  it('keeps none back', () => {
    const { after, pass } = hand()
    const flushed: StoreChange[] = []
    const { add, stop } = createRefetcher((changes) => flushed.push(...changes), after)
    for (const count of [100, 1, 50, 3]) add(about(count))
    pass(1000)
    expect(flushed).toHaveLength(4)
    add(about(100))
    stop()
    pass(5000)
    expect(flushed).toHaveLength(4)
  })
})

describe('touches', () => {
  const change = { tables: ['interaction' as const], personIds: [7] }

  it('is about the queries that show the table', () => {
    expect(touches(change, ['inbox.list', { view: 'inbox' }])).toBe(true)
    expect(touches(change, ['templates.list', {}])).toBe(false)
  })

  it('leaves queries of other people alone', () => {
    expect(touches(change, ['people.timeline', { personId: 7 }])).toBe(true)
    expect(touches(change, ['people.timeline', { personId: 8 }])).toBe(false)
  })

  it('is about everybody when nobody is named', () => {
    expect(touches({ ...change, personIds: [] }, ['people.timeline', { personId: 8 }])).toBe(true)
  })

  it('shows every change somewhere, in queries the contract knows', () => {
    const queries = Object.entries(contract).flatMap(([name, method]) => (method.kind === 'query' ? [name] : []))
    for (const table of changedTable.options) {
      expect(
        queries.some((name) => touches({ tables: [table], personIds: [] }, [name, {}])),
        table,
      ).toBe(true)
    }
  })
})

describe('createBatcher', () => {
  it('hands over the first at once and a storm in few batches, losing nothing', () => {
    const timers = hand()
    const batches: (readonly number[])[] = []
    const batcher = createBatcher<number>((items) => batches.push(items), 200, timers.after)
    batcher.add(0)
    timers.pass(0)
    expect(batches).toEqual([[0]])
    for (let at = 1; at <= 1000; at += 1) {
      batcher.add(at)
      timers.pass(1)
    }
    timers.pass(200)
    expect(batches.length).toBeLessThanOrEqual(7)
    expect(batches.flat()).toEqual(Array.from({ length: 1001 }, (_, index) => index))
    timers.pass(1000)
    expect(timers.waiting()).toBe(0)
  })

  it('says nothing more after it was stopped', () => {
    const timers = hand()
    const batches: (readonly number[])[] = []
    const batcher = createBatcher<number>((items) => batches.push(items), 200, timers.after)
    batcher.add(1)
    batcher.stop()
    timers.pass(1000)
    expect(batches).toEqual([])
  })
})

describe('createTicker', () => {
  it('ticks once a second for all, on the second, and rests when nobody looks', () => {
    const timers = hand()
    timers.pass(250)
    const ticker = createTicker(timers.clock, timers.after)
    const seen: number[] = []
    const off = [ticker.subscribe(() => seen.push(ticker.now())), ticker.subscribe(() => undefined)]
    expect(timers.waiting()).toBe(1)
    timers.pass(2_800)
    expect(seen).toEqual([1000, 2000, 3000])
    for (const stop of off) stop()
    expect(timers.waiting()).toBe(0)
  })
})
