import { Button } from '@mantine/core'
import { IconBan } from '@tabler/icons-react'
import type { PersonCard } from '../../src/people/contract.ts'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { plural, shortMoment } from '../ui/time-format.ts'
import styles from './person-card.module.css'
import { useHandleMarks } from './use-handle-marks.ts'

/** Says that somebody is blocked and what came since; at the end of the card, the way to block them. */
export function BlockedNotice({ card }: { readonly card: PersonCard }) {
  const marks = useHandleMarks()
  const place = usePlace()
  const now = useNow('minute')
  const blocked = card.handles.filter((it) => it.blocked !== null)
  const [newest] = blocked.map((it) => it.blocked).filter((it) => it !== null)
  if (!newest || blocked.length < card.handles.length) return null
  const came = blocked.reduce((sum, it) => sum + (it.blocked?.came ?? 0), 0)
  return (
    <div className={styles.blocked} role="status">
      <IconBan size={16} aria-hidden="true" />
      <span>
        <b>Blocked</b> since {shortMoment(newest.at, now, place)}
        {newest.by !== null && ` by ${newest.by}`}.{' '}
        {came === 0 ? 'Nothing came since.' : `${plural(came, 'thing')} came since and called nobody.`}
      </span>
      <Button size="compact-xs" variant="default" onClick={() => marks.unblock(blocked, card.name)}>
        Unblock
      </Button>
    </div>
  )
}

export function BlockPerson({ card }: { readonly card: PersonCard }) {
  const marks = useHandleMarks()
  const free = card.handles.filter((it) => it.blocked === null)
  if (free.length === 0) return null
  return (
    <Button
      className={styles.blockPerson ?? ''}
      variant="subtle"
      color="gray"
      size="compact-xs"
      leftSection={<IconBan size={14} />}
      onClick={() => void marks.block(free, card.name)}
    >
      Block {card.handles.length === free.length ? 'them' : 'the rest, too'}
    </Button>
  )
}
