import { Button, Skeleton } from '@mantine/core'
import { IconArrowDown, IconMessages } from '@tabler/icons-react'
import { Fragment, memo } from 'react'
import type { TimelineEntry } from '../../src/people/contract.ts'
import { useWindow } from '../shell/window-context.tsx'
import type { WindowState } from '../shell/window-state.ts'
import { Empty } from '../ui/empty.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { dayKey, dayName } from '../ui/time-format.ts'
import { Entry } from './entry.tsx'
import styles from './timeline.module.css'
import { useAnchoredScroll } from './use-anchored-scroll.ts'
import { useShownEntries } from './use-shown-entries.ts'
import { useTimeline } from './use-timeline.ts'

/** Everything that happened with one person, newest at the bottom. */
export function Timeline({ personId, name }: { readonly personId: number; readonly name: string }) {
  const { state } = useWindow()
  const timeline = useTimeline(personId)
  const { query, entries } = timeline
  const jump = state.jump?.personId === personId ? state.jump : null
  const { shown, more, isFetchingMore, earlier } = useShownEntries(timeline, jump?.interactionId ?? null)
  const scroll = useAnchoredScroll(shown, jump, earlier)

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
        data-timeline=""
        className={styles.scroller}
        aria-label={`Timeline of ${name}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        onScroll={scroll.onScroll}
      >
        <ol ref={scroll.content} className={styles.list}>
          {more && (
            <li className={styles.more}>
              <Button size="compact-sm" variant="subtle" loading={isFetchingMore} onClick={earlier}>
                Earlier messages
              </Button>
            </li>
          )}
          <Entries entries={shown} personId={personId} name={name} jump={jump} />
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

type EntriesProps = {
  readonly entries: readonly TimelineEntry[]
  readonly personId: number
  readonly name: string
  readonly jump: WindowState['jump']
}

const Entries = memo(function Entries({ entries, personId, name, jump }: EntriesProps) {
  const place = usePlace()
  const now = useNow('minute')
  return entries.map((entry, index) => {
    const before = entries[index - 1]
    const newDay = !before || dayKey(before.at, place) !== dayKey(entry.at, place)
    return (
      <Fragment key={entry.id}>
        {newDay && (
          <li className={styles.day}>
            <span>{dayName(entry.at, now, place)}</span>
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
  })
})

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
