import { useRef, useState } from 'react'

/** Runs something that may fail, one at a time, and keeps what went wrong for the place beside the button. */
export function useGuard() {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  // A second click comes before the first is drawn.
  const running = useRef(false)
  const guard = async (work: () => Promise<void>): Promise<void> => {
    if (running.current) return
    running.current = true
    setBusy(true)
    setProblem(null)
    try {
      await work()
    } catch (error) {
      setProblem(error)
    } finally {
      running.current = false
      setBusy(false)
    }
  }
  return { busy, problem, guard, forget: () => setProblem(null) }
}
