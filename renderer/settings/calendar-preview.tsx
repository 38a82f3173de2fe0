import { ActionIcon, Group, ScrollArea } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import type { CalendarDays } from '../../src/settings/contract.ts'
import { useEngine } from '../rpc/queries.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import styles from './settings.module.css'

type Props = { readonly days: CalendarDays; readonly zone: string }

// A feed is fetched from the web: not at every letter.
const afterTyping = 500

/** The days of a year on which the usual hours do not count, and why. */
export function CalendarPreview({ days, zone }: Props) {
  const [year, setYear] = useState(() => new Date().getFullYear())
  const [settled] = useDebouncedValue(days, afterTyping)
  const nothing = days.holidays === null && days.dates.length === 0 && days.feed === null
  const preview = useEngine(
    'calendar.preview',
    { days: settled, zone, year },
    { enabled: !nothing, keepPrevious: true },
  )
  if (nothing) return null
  const list = preview.data?.days ?? []
  return (
    <section aria-label={`Special days of ${year}`}>
      <Group gap={4}>
        <span style={{ fontSize: 13, fontWeight: 600 }}>Special days of {year}</span>
        <ActionIcon variant="subtle" size="sm" aria-label={`Show ${year - 1}`} onClick={() => setYear(year - 1)}>
          <IconChevronLeft size={15} />
        </ActionIcon>
        <ActionIcon variant="subtle" size="sm" aria-label={`Show ${year + 1}`} onClick={() => setYear(year + 1)}>
          <IconChevronRight size={15} />
        </ActionIcon>
      </Group>
      {preview.isError && <ErrorNotice error={preview.error} />}
      {preview.data?.problem && (
        <p role="alert" className={styles.problem}>
          {preview.data.problem}
        </p>
      )}
      {preview.data && list.length === 0 && <div className={styles.dim}>None in {year}.</div>}
      <ScrollArea.Autosize mah={220} type="auto" aria-busy={preview.isFetching}>
        {list.map((it) => (
          <div key={`${it.date} ${it.name}`} className={styles.interval} style={{ padding: '2px 0' }}>
            <span className={styles.dim} style={{ minWidth: 96 }}>
              {dayText(it.date)}
            </span>
            <span className={`${styles.grow} ${styles.ellipsis}`} dir="auto">
              {it.name || 'Special date'}
            </span>
            <span className={styles.dim}>{it.closed ? 'closed' : 'other hours'}</span>
          </div>
        ))}
      </ScrollArea.Autosize>
    </section>
  )
}

const dayFormat = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
})
const dayText = (date: string) => dayFormat.format(new Date(`${date}T00:00Z`))
