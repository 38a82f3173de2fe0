import { useRef, useState } from 'react'
import type { TestReport } from '../../src/channels/contract.ts'

export type LiveTest =
  | { readonly kind: 'none' }
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly report: TestReport }
  | { readonly kind: 'failed'; readonly error: unknown }

/** Runs a test of a connection and keeps what it found. A newer test or a reset makes an older answer count for nothing. */
export function useLiveTest() {
  const [test, setTest] = useState<LiveTest>({ kind: 'none' })
  const turn = useRef(0)
  /** @returns the report; null when it could not be made or is out of date */
  const run = async (work: () => Promise<TestReport>): Promise<TestReport | null> => {
    turn.current += 1
    const mine = turn.current
    setTest({ kind: 'running' })
    try {
      const report = await work()
      if (turn.current !== mine) return null
      setTest({ kind: 'done', report })
      return report
    } catch (error) {
      if (turn.current === mine) setTest({ kind: 'failed', error })
      return null
    }
  }
  const reset = () => {
    turn.current += 1
    setTest({ kind: 'none' })
  }
  return { test, run, reset }
}
