import { useCallback, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import type { TimelineEntry } from '../../src/people/contract.ts'

type Jump = { readonly interactionId: number; readonly seq: number }
const atEndPx = 60
const nearTopPx = 1500

/**
 * Keeps what people read where it is: at the end while they are at the end, still while older messages are put in and
 * mails find their height above, and at an entry they were sent to by a search.
 * @param earlier  asks for more above; called while the end of what there is can nearly be seen
 */
export function useAnchoredScroll(entries: readonly TimelineEntry[], jump: Jump | null, earlier: () => void) {
  const box = useRef<HTMLElement>(null)
  const content = useRef<HTMLOListElement>(null)
  const newest = useRef<number | null>(null)
  /** The first entry that is seen, and how far its top is from that of the box. */
  const held = useRef<{ readonly entry: HTMLElement; readonly top: number } | null>(null)
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

  const settle = useCallback(() => {
    const element = box.current
    if (!element) return
    if (atEnd.current) element.scrollTop = element.scrollHeight
    else if (held.current?.entry.isConnected) element.scrollTop += topIn(element, held.current.entry) - held.current.top
    sizes.current = sizesOf(element)
  }, [])

  useLayoutEffect(() => {
    const last = entries.at(-1)?.id
    if (last === undefined) return
    const isNew = newest.current !== null && newest.current !== last
    newest.current = last
    if (isNew && !atEnd.current) setNewBelow(true)
    settle()
  }, [entries, settle])

  // Pictures and unfolded mails change the height later; who was at the end stays there.
  const empty = entries.length === 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: the boxes are there only when there are entries
  useEffect(() => {
    const inner = content.current
    const outer = box.current
    if (!inner || !outer) return
    const observer = new ResizeObserver(settle)
    observer.observe(inner)
    // The composer grows and takes room away from below.
    observer.observe(outer)
    return () => observer.disconnect()
  }, [empty, settle])

  const askEarlier = useEffectEvent(earlier)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what came above may still not fill the room there
  useEffect(() => {
    if (box.current && box.current.scrollTop < nearTopPx) askEarlier()
  }, [entries])

  useEffect(() => {
    if (!jump || jumped.current === jump.seq) return
    const target = entries.some((it) => it.id === jump.interactionId)
      ? document.getElementById(entryId(jump.interactionId))
      : null
    if (!target) return
    jumped.current = jump.seq
    atEnd.current = false
    target.scrollIntoView({ block: 'center' })
    if (box.current) held.current = firstSeen(box.current, content.current)
    target.focus({ preventScroll: true })
  }, [jump, entries])

  const onScroll = useCallback(() => {
    const element = box.current
    // A box that just changed its size was not scrolled by a hand; the observer puts it right.
    if (!element || sizes.current !== sizesOf(element)) return
    if (element.scrollTop < nearTopPx) earlier()
    atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < atEndPx
    held.current = firstSeen(element, content.current)
    if (atEnd.current) setNewBelow(false)
  }, [earlier])

  return { box, content, onScroll, toEnd, newBelow }
}

/** Entries are in the order of their places, so halving finds it: one look at a thousand would take too long for a frame. */
function firstSeen(box: HTMLElement, list: HTMLOListElement | null) {
  let low = 0
  let high = (list?.children.length ?? 0) - 1
  while (low < high) {
    const middle = (low + high) >> 1
    const child = list?.children[middle]
    if (!(child instanceof HTMLElement) || child.offsetTop + child.offsetHeight > box.scrollTop) high = middle
    else low = middle + 1
  }
  let entry = list?.children[low]
  // Names of days and the button on top come and go.
  while (entry && entry.id === '') entry = entry.nextElementSibling ?? undefined
  return entry instanceof HTMLElement ? { entry, top: topIn(box, entry) } : null
}

const topIn = (box: HTMLElement, entry: HTMLElement) =>
  entry.getBoundingClientRect().top - box.getBoundingClientRect().top

const sizesOf = (element: HTMLElement) => `${element.clientHeight} ${element.scrollHeight}`

export const entryId = (interactionId: number) => `entry-${interactionId}`
