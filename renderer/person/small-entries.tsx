import {
  type Icon,
  IconBellZ,
  IconCheck,
  IconClockExclamation,
  IconInfoCircle,
  IconRotate,
  IconStar,
  IconUserCheck,
} from '@tabler/icons-react'
import type { TimelineEntry } from '../../src/people/contract.ts'
import { usePlace } from '../ui/place.tsx'
import { clockTime, fullMoment } from '../ui/time-format.ts'
import styles from './entry.module.css'

type EntryOf<K extends TimelineEntry['kind']> = Extract<TimelineEntry, { kind: K }>

export function When({ at }: { readonly at: number }) {
  const place = usePlace()
  return (
    <time className={styles.when} dateTime={new Date(at).toISOString()} title={fullMoment(at, place)}>
      {clockTime(at, place)}
    </time>
  )
}

const icons: readonly (readonly [RegExp, Icon])[] = [
  [/scor/, IconStar],
  [/assign|own|rout/, IconUserCheck],
  [/snooz/, IconBellZ],
  [/done|closed/, IconCheck],
  [/open/, IconRotate],
  [/late|sla|breach|warn/, IconClockExclamation],
]

export function EventEntry({ entry }: { readonly entry: EntryOf<'event'> }) {
  const IconOf = icons.find(([pattern]) => pattern.test(entry.event))?.[1] ?? IconInfoCircle
  return (
    <div className={styles.event}>
      <IconOf size={15} stroke={1.7} aria-hidden="true" />
      <span dir="auto">{entry.text}</span>
      <When at={entry.at} />
    </div>
  )
}
