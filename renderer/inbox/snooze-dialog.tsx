import { Button, Modal } from '@mantine/core'
import { DateTimePicker } from '@mantine/dates'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useWindow } from '../shell/window-context.tsx'
import { useNow } from '../ui/now.tsx'
import { Picker } from '../ui/picker.tsx'
import { clockTime, dayName } from '../ui/time-format.ts'
import styles from './dialogs.module.css'
import { snoozePresets } from './snooze-presets.ts'

type Props = { readonly title: string; readonly onPick: (until: number) => void }

/** When should it come back? A digit for the usual moments, a calendar for the others. */
export function SnoozeDialog({ title, onPick }: Props) {
  const { act } = useWindow()
  const now = useNow('minute')
  const [custom, setCustom] = useState<string | null>(null)
  const presets = snoozePresets(now)
  const chosen = custom === null ? null : dayjs(custom).valueOf()
  const close = () => act({ do: 'dialog', dialog: null })
  const pick = (until: number) => {
    close()
    onPick(until)
  }
  return (
    <Modal opened onClose={close} title={`Snooze ${title}`} size={380}>
      <Picker
        label="Snooze until"
        items={presets.map((it) => ({
          key: String(it.until),
          label: it.label,
          hint: `${dayName(it.until, now)}, ${clockTime(it.until)}`,
        }))}
        onPick={(key) => pick(Number(key))}
      />
      <div className={styles.custom}>
        <DateTimePicker
          className={styles.grow ?? ''}
          aria-label="Another date and time"
          placeholder="Another date and time"
          valueFormat="ddd D MMM YYYY HH:mm"
          minDate={dayjs(now).format('YYYY-MM-DD')}
          defaultTimeValue="08:00"
          value={custom}
          onChange={setCustom}
          clearable
        />
        <Button disabled={chosen === null || chosen <= now} onClick={() => chosen !== null && pick(chosen)}>
          Snooze
        </Button>
      </div>
      {chosen !== null && chosen <= now && <p className={styles.wrong}>That moment is over. Pick a later one.</p>}
    </Modal>
  )
}
