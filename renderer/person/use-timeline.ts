import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { TimelineEntry } from '../../src/people/contract.ts'
import type { MethodOutput } from '../../src/rpc/contract.ts'
import { call } from '../rpc/call.ts'

type Before = { readonly at: number; readonly id: number } | null
type Pages = InfiniteData<MethodOutput<'people.timeline'>, Before>

const pageSize = 100

/** The timeline of a person, newest last. The next page is the one before in time. */
export function useTimeline(personId: number) {
  const query = useInfiniteQuery<MethodOutput<'people.timeline'>, Error, Pages, readonly unknown[], Before>({
    queryKey: ['people.timeline', { personId }],
    queryFn: ({ pageParam }) => call('people.timeline', { personId, before: pageParam, limit: pageSize }),
    initialPageParam: null,
    getNextPageParam: (page) => {
      const first = page.entries[0]
      return page.more && first ? { at: first.at, id: first.id } : undefined
    },
  })
  const entries = useMemo(() => inOrder(query.data?.pages.map((page) => page.entries) ?? []), [query.data])
  return { query, entries }
}

/** Pages come newest first; each entry is shown once, even when it moved between two pages. */
export function inOrder(pages: readonly (readonly TimelineEntry[])[]): readonly TimelineEntry[] {
  const seen = new Set<number>()
  return [...pages]
    .reverse()
    .flat()
    .filter((entry) => !seen.has(entry.id) && seen.add(entry.id))
}
