import { type KeyboardEvent, useEffect, useRef, useState } from 'react'

/** One result: what Enter or a click on it does. */
export type Choosable = { readonly key: string; readonly run: () => void }

/**
 * The first result is the one that Enter takes, until somebody moves to another one; that one stays chosen when more
 * comes in above it. Enter waits for results that are on their way.
 *
 * In place of Spotlight's own choice, which counts places: those move when results come in.
 * @param pending  what is shown is not yet the answer to what was typed
 */
export function useChoice(all: readonly Choosable[], pending: boolean) {
  const [movedTo, setMovedTo] = useState<string | null>(null)
  const [entered, setEntered] = useState(false)
  const found = all.findIndex(({ key }) => key === movedTo)
  const at = found < 0 ? 0 : found
  const chosen = all[at]
  const latest = useRef(chosen)
  latest.current = chosen
  useEffect(() => {
    if (pending || !entered) return
    setEntered(false)
    latest.current?.run()
  }, [pending, entered])
  return {
    chosen: chosen?.key ?? null,
    /** For when something else is asked for. */
    reset: () => {
      setMovedTo(null)
      setEntered(false)
    },
    onKeyDown: (event: KeyboardEvent) => {
      const by = steps[event.key]
      if (event.nativeEvent.isComposing || (by === undefined && event.key !== 'Enter')) return
      event.preventDefault()
      event.stopPropagation()
      if (by !== undefined) setMovedTo(all[(at + by + all.length) % all.length]?.key ?? null)
      else if (pending && found < 0) setEntered(true)
      else chosen?.run()
    },
  }
}

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }
