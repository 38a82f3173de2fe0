import { Button, Skeleton } from '@mantine/core'
import { IconArrowDown, IconMessages } from '@tabler/icons-react'
import { Fragment } from 'react'
import { useWindow } from '../shell/window-context.tsx'
import { Empty } from '../ui/empty.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useNow } from '../ui/now.tsx'
import { dayKey, dayName } from '../ui/time-format.ts'
import { Entry } from './entry.tsx'
import styles from './timeline.module.css'
import { useAnchoredScroll } from './use-anchored-scroll.ts'
import { useTimeline } from './use-timeline.ts'

const nearTopPx = 500

/** Everything that happened with one person, newest at the bottom. */
export function Timeline({ personId, name }: { readonly personId: number; readonly name: string }) {
  const { state } = useWindow()
  const { query, entries } = useTimeline(personId)
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const earlier = () => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }
  const jump = state.jump?.personId === personId ? state.jump : null
  const scroll = useAnchoredScroll(entries, jump, earlier)
  const now = useNow('minute')

  if (query.isPending) return <TimelineSkeleton />
  if (query.isError && entries.length === 0) {
    return (
      <div className={styles.notice}>
        <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
      </div>
    )
  }
  if (entries.length === 0) {
    return (
      <div className={styles.scroller}>
        <Empty icon={IconMessages} title="Nothing was said yet">
          Write, text or call {name} below; everything ends up here.
        </Empty>
      </div>
    )
  }
  return (
    <div className={styles.frame}>
      <section
        ref={scroll.box}
        className={styles.scroller}
        aria-label={`Timeline of ${name}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        onScroll={(event) => {
          scroll.onScroll()
          if (event.currentTarget.scrollTop < nearTopPx) earlier()
        }}
      >
        <ol ref={scroll.content} className={styles.list}>
          {hasNextPage && (
            <li className={styles.more}>
              <Button size="compact-sm" variant="subtle" loading={isFetchingNextPage} onClick={earlier}>
                Earlier messages
              </Button>
            </li>
          )}
          {entries.map((entry, index) => {
            const before = entries[index - 1]
            const newDay = !before || dayKey(before.at) !== dayKey(entry.at)
            return (
              <Fragment key={entry.id}>
                {newDay && (
                  <li className={styles.day}>
                    <span>{dayName(entry.at, now)}</span>
                  </li>
                )}
                <Entry
                  entry={entry}
                  personId={personId}
                  name={name}
                  words={jump?.interactionId === entry.id ? jump.words : noWords}
                  flash={jump?.interactionId === entry.id ? jump.seq : 0}
                />
              </Fragment>
            )
          })}
        </ol>
      </section>
      {scroll.newBelow && (
        <Button
          className={styles.newest ?? ''}
          size="compact-sm"
          radius="xl"
          leftSection={<IconArrowDown size={14} />}
          onClick={scroll.toEnd}
        >
          New below
        </Button>
      )}
    </div>
  )
}

const noWords: readonly string[] = []

function TimelineSkeleton() {
  return (
    <div className={styles.scroller} role="status" aria-label="The timeline is being fetched">
      <div className={styles.list}>
        <Skeleton height={70} width="62%" radius="md" />
        <Skeleton height={54} width="55%" radius="md" ml="auto" />
        <Skeleton height={110} width="70%" radius="md" />
      </div>
    </div>
  )
}
