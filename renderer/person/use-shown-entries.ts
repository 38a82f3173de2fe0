import { useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react'
import type { useTimeline } from './use-timeline.ts'

/** Entries that are put in at once: a screen and a half of short ones, and little enough for a frame. */
const portion = 20

/**
 * The newest entries, and more towards the past as people scroll there: a thread of 500 messages opens and scrolls as
 * fast as one of five. Entries come in while the computer is free, so that no key and no scroll waits for them.
 * @param wanted  an entry that a search leads to; everything from there on is shown
 */
export function useShownEntries({ query, entries }: ReturnType<typeof useTimeline>, wanted: number | null) {
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const [oldest, setOldest] = useState<number | null>(null)
  const known = oldest === null ? -1 : entries.findIndex((it) => it.id === oldest)
  const start = known >= 0 ? known : Math.max(0, entries.length - portion)
  const shown = useDeferredValue(useMemo(() => entries.slice(start), [entries, start]))

  const fetchMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const showFrom = useCallback((at: number) => setOldest(entries[Math.max(0, at)]?.id ?? null), [entries])

  const isThere = shown[0]?.id === entries[start]?.id
  const earlier = useCallback(() => {
    // One portion after the other: asked for faster than they can be shown, they would come all at once.
    if (start > 0 && isThere) showFrom(start - portion)
    if (start <= 2 * portion) fetchMore()
  }, [start, isThere, showFrom, fetchMore])

  const place = wanted === null ? -1 : entries.findIndex((it) => it.id === wanted)
  useEffect(() => {
    if (wanted === null || entries.length === 0) return
    if (place < 0) fetchMore()
    else if (place < start) showFrom(place - portion / 2)
  }, [wanted, place, start, entries.length, fetchMore, showFrom])

  return { shown, more: start > 0 || hasNextPage, isFetchingMore: isFetchingNextPage, earlier }
}
