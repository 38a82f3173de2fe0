import { useState } from 'react'

/** Runs something that may fail, and keeps what went wrong for the place beside the button. */
export function useGuard() {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const guard = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true)
    setProblem(null)
    try {
      await work()
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return { busy, problem, guard, forget: () => setProblem(null) }
}
