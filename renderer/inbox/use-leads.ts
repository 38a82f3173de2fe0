import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { InboxRow, ListName, PageKey } from '../../src/inbox/contract.ts'
import type { MethodOutput } from '../../src/rpc/contract.ts'
import { call } from '../rpc/call.ts'

export type LeadPages = InfiniteData<MethodOutput<'inbox.list'>, PageKey | null>

const pageSize = 60

/** The rows of a view, page after page by the key of the last row. */
export function useLeads(view: ListName, enabled = true) {
  const query = useInfiniteQuery<MethodOutput<'inbox.list'>, Error, LeadPages, readonly unknown[], PageKey | null>({
    queryKey: ['inbox.list', { view }],
    queryFn: ({ pageParam }) => call('inbox.list', { view, after: pageParam, limit: pageSize }),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    enabled,
  })
  const rows = useMemo(() => uniqueRows(query.data), [query.data])
  return { query, rows }
}

/** A row can move between two pages while they are fetched; it is shown once, where it comes first. */
export function uniqueRows(data: LeadPages | undefined): readonly InboxRow[] {
  const seen = new Set<number>()
  return (data?.pages ?? [])
    .flatMap((page) => page.rows)
    .filter((row) => !seen.has(row.personId) && seen.add(row.personId))
}
