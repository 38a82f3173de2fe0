import { Skeleton } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useEffectEvent, useRef } from 'react'
import type { InboxRow, ListName } from '../../src/inbox/contract.ts'
import { useWindow } from '../shell/window-context.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useDensity } from '../ui/preferences.tsx'
import { EmptyView } from './empty-view.tsx'
import styles from './lead-list.module.css'
import { LeadRow } from './lead-row.tsx'
import { useLeads } from './use-leads.ts'

const rowHeight = { cosy: 84, compact: 58 }

/** The rows of a view. Only those in sight are in the page, however many there are. */
export function LeadList({ view }: { readonly view: ListName }) {
  const { state, act } = useWindow()
  const { query, rows } = useLeads(view)
  const [density] = useDensity()
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight[density],
    overscan: 8,
    getItemKey: (index) => rows[index]?.personId ?? index,
  })
  const items = virtual.getVirtualItems()
  const lastSeen = items.at(-1)?.index ?? 0
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query

  // The height of the rows follows the density.
  // biome-ignore lint/correctness/useExhaustiveDependencies: measure anew because of the density
  useEffect(() => virtual.measure(), [virtual, density])
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && lastSeen >= rows.length - 15) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, lastSeen, rows.length])

  const selectedIndex = rows.findIndex((row) => row.personId === state.personId)
  const showSelected = useEffectEvent(() => {
    if (selectedIndex >= 0) virtual.scrollToIndex(selectedIndex, { align: 'auto' })
  })
  // Only when the selection moves: while somebody scrolls, new rows must not pull the list back.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => showSelected(), [state.personId])

  // Nothing was chosen yet: the most urgent lead is what one wants to see.
  const firstId = rows[0]?.personId
  const chooseFirst = state.personId === null && firstId !== undefined
  useEffect(() => {
    if (chooseFirst) act({ do: 'pick', personId: firstId })
  }, [act, chooseFirst, firstId])

  const open = useCallback((row: InboxRow) => act({ do: 'open', personId: row.personId }), [act])
  const check = useCallback((row: InboxRow) => act({ do: 'check', leadId: row.leadId }), [act])

  if (query.isPending) return <ListSkeleton height={rowHeight[density]} />
  if (query.isError && rows.length === 0) {
    return (
      <div className={styles.pad}>
        <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
      </div>
    )
  }
  if (rows.length === 0) return <EmptyView view={view} />

  const active = items.some((item) => item.index === selectedIndex) ? optionId(state.personId) : undefined
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="listbox"
      aria-label="Leads"
      aria-multiselectable="true"
      aria-activedescendant={active}
      tabIndex={0}
      data-lead-list
    >
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map((item) => {
          const row = rows[item.index]
          if (!row) return null
          return (
            <div
              key={item.key}
              role="presentation"
              className={styles.slot}
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
            >
              <LeadRow
                id={optionId(row.personId)}
                row={row}
                index={item.index}
                count={query.hasNextPage ? -1 : rows.length}
                selected={row.personId === state.personId}
                checked={state.checked.has(row.leadId)}
                compact={density === 'compact'}
                onOpen={open}
                onCheck={check}
              />
            </div>
          )
        })}
      </div>
    </div>
  )
}

const optionId = (personId: number | null) => `lead-${personId}`

function ListSkeleton({ height }: { readonly height: number }) {
  return (
    <div aria-busy="true" aria-label="Leads are being fetched" role="status">
      {[0, 1, 2, 3, 4, 5].map((index) => (
        <div key={index} className={styles.ghost} style={{ height }}>
          <Skeleton circle height={34} />
          <div className={styles.ghostLines}>
            <Skeleton height={12} width={`${45 + ((index * 17) % 30)}%`} />
            <Skeleton height={10} width={`${70 + ((index * 11) % 25)}%`} />
          </div>
        </div>
      ))}
    </div>
  )
}
