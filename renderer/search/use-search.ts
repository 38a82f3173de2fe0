import { type InfiniteData, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import type { MethodOutput } from '../../src/rpc/contract.ts'
import { call } from '../rpc/call.ts'

type Page = MethodOutput<'inbox.search'>
const pageSize = 50

/** The hits of a search, page after page; the hits of the search before stay until the new ones are there. */
export function useSearch(text: string) {
  const query = useInfiniteQuery<Page, Error, InfiniteData<Page, string | null>, readonly unknown[], string | null>({
    queryKey: ['inbox.search', { text, paged: true }],
    queryFn: ({ pageParam }) => call('inbox.search', { text, limit: pageSize, after: pageParam }),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
  return { query, hits: query.data?.pages.flatMap((page) => page.hits) ?? [], first: query.data?.pages[0] }
}
