import { useCallback, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import type { TimelineEntry } from '../../src/people/contract.ts'

type Jump = { readonly interactionId: number; readonly seq: number }
const atEndPx = 60

/**
 * Keeps what people read where it is: at the end while they are at the end, still while older messages are put in
 * above, and at an entry they were sent to by a search.
 * @param earlier  asks for the page before; called until the entry to jump to is there
 */
export function useAnchoredScroll(entries: readonly TimelineEntry[], jump: Jump | null, earlier: () => void) {
  const box = useRef<HTMLElement>(null)
  const content = useRef<HTMLOListElement>(null)
  const seen = useRef<{ first: number; last: number; height: number } | null>(null)
  const atEnd = useRef(true)
  const jumped = useRef(0)
  const sizes = useRef('')
  const [newBelow, setNewBelow] = useState(false)

  const toEnd = useCallback(() => {
    const element = box.current
    if (element) element.scrollTop = element.scrollHeight
    atEnd.current = true
    setNewBelow(false)
  }, [])

  useLayoutEffect(() => {
    const element = box.current
    const first = entries[0]?.id
    const last = entries.at(-1)?.id
    if (!element || first === undefined || last === undefined) return
    const before = seen.current
    if (!before) toEnd()
    else if (before.last !== last) {
      if (atEnd.current) toEnd()
      else setNewBelow(true)
    } else if (before.first !== first) element.scrollTop += element.scrollHeight - before.height
    seen.current = { first, last, height: element.scrollHeight }
  }, [entries, toEnd])

  // Pictures and unfolded mails change the height later; who was at the end stays there.
  const empty = entries.length === 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: the boxes are there only when there are entries
  useEffect(() => {
    const inner = content.current
    const outer = box.current
    if (!inner || !outer) return
    const observer = new ResizeObserver(() => {
      const element = box.current
      if (!element) return
      if (atEnd.current) element.scrollTop = element.scrollHeight
      sizes.current = sizesOf(element)
      if (seen.current) seen.current = { ...seen.current, height: element.scrollHeight }
    })
    observer.observe(inner)
    // The composer grows and takes room away from below.
    observer.observe(outer)
    return () => observer.disconnect()
  }, [empty])

  const askEarlier = useEffectEvent(earlier)
  useEffect(() => {
    if (!jump || jumped.current === jump.seq || entries.length === 0) return
    const target = document.getElementById(entryId(jump.interactionId))
    if (!target) {
      askEarlier()
      return
    }
    jumped.current = jump.seq
    atEnd.current = false
    target.scrollIntoView({ block: 'center' })
    target.focus({ preventScroll: true })
  }, [jump, entries])

  const onScroll = useCallback(() => {
    const element = box.current
    // A box that just changed its size was not scrolled by a hand; the observer puts it right.
    if (!element || sizes.current !== sizesOf(element)) return
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < atEndPx
    if (atEnd.current) setNewBelow(false)
  }, [])

  return { box, content, onScroll, toEnd, newBelow }
}

const sizesOf = (element: HTMLElement) => `${element.clientHeight} ${element.scrollHeight}`

export const entryId = (interactionId: number) => `entry-${interactionId}`
