import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconClock, IconX } from '@tabler/icons-react'
import { SlaChip } from '../inbox/sla-chip.tsx'
import { KeyCap } from '../ui/key-cap.tsx'
import { useNow } from '../ui/now.tsx'
import styles from './alert-bar.module.css'
import { deedOf } from './alert-queue.ts'
import { useAlerts } from './alerts-context.tsx'

/**
 * The one deadline to hear of now, at the foot of the list, or of the page where there is none. It takes room instead of
 * covering anything, and its time is that of the list.
 */
export function AlertBar({ wide = false }: { readonly wide?: boolean }) {
  const alerts = useAlerts()
  const now = useNow('minute')
  const { current, more } = alerts
  if (!current) return <p role="alert" className={styles.spoken} />
  const { alert, row } = current
  const deed = deedOf(row.clock?.kind ?? alert.clock, row.name)
  const late = row.clock !== null && row.clock.dueAt <= now
  return (
    <section
      className={styles.bar}
      data-wide={wide || undefined}
      data-late={late || undefined}
      data-alert-bar=""
      aria-label="Deadline"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        alerts.putAway()
      }}
    >
      {/* Said when it changes; the time that ticks would be said every second. */}
      <p role="alert" className={styles.spoken}>
        {late ? `${deed}: late` : deed}
      </p>
      <div className={styles.head}>
        <span className={styles.deed} dir="auto" title={row.preview || deed}>
          {deed}
        </span>
        <SlaChip row={row} />
        <Tooltip label="Put away until the next step (Esc)">
          <ActionIcon variant="subtle" color="gray" size={24} aria-label="Put away" onClick={alerts.putAway}>
            <IconX size={15} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={styles.deeds}>
        <Button size="compact-sm" aria-keyshortcuts="Control+J" onClick={alerts.answer}>
          Answer
          <span className={styles.key}>
            <KeyCap keys="mod+j" on="fill" />
          </span>
        </Button>
        <Button size="compact-sm" variant="default" onClick={alerts.call}>
          Call
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconClock size={14} aria-hidden="true" />}
          aria-label="Snooze 15 min"
          title="Snooze 15 min"
          onClick={alerts.snooze}
        >
          15 min
        </Button>
        {more > 0 && (
          <button type="button" className={styles.more} onClick={alerts.showAll}>
            and {more} more
          </button>
        )}
      </div>
    </section>
  )
}
