import { Button, Checkbox, Modal, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useEngine } from '../rpc/queries.ts'
import { useWindow } from '../shell/window-context.tsx'
import { MomentPicker } from '../ui/date-pickers.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useNow } from '../ui/now.tsx'
import { Picker } from '../ui/picker.tsx'
import { usePlace } from '../ui/place.tsx'
import { clockTime, dayName } from '../ui/time-format.ts'
import styles from './dialogs.module.css'

type Props = { readonly title: string; readonly onPick: (until: number, keep: boolean) => void }

/** When should it come back? A digit for the usual moments, words or a calendar for the others. */
export function SnoozeDialog({ title, onPick }: Props) {
  const place = usePlace()
  const { act } = useWindow()
  const now = useNow('minute')
  const times = useEngine('inbox.snoozeTimes', {})
  const [picked, setPicked] = useState<number | null>(null)
  const [words, setWords] = useState('')
  const [keep, setKeep] = useState(false)
  const [asked] = useDebouncedValue(words.trim(), 150)
  const read = useEngine('inbox.readTime', { text: asked }, { enabled: asked !== '' })
  const understood = asked === '' ? null : (read.data?.until ?? null)
  const chosen = words.trim() === '' ? picked : understood
  const close = () => act({ do: 'dialog', dialog: null })
  const pick = (until: number, even: boolean) => {
    close()
    onPick(until, even)
  }
  const when = (until: number) => `${dayName(until, now, place)}, ${clockTime(until, place)}`
  return (
    <Modal opened onClose={close} title={`Snooze ${title}`} size={440}>
      {times.isError && <ErrorNotice error={times.error} onRetry={() => void times.refetch()} />}
      {times.data && (
        <Picker
          label="Snooze until"
          items={times.data.times.map((it) => ({
            key: it.key,
            label: it.label,
            hint: it.key === 'reply' ? `else ${when(it.until)}` : when(it.until),
          }))}
          onPick={(key) => {
            const time = times.data.times.find((it) => it.key === key)
            // That one is about their answer, whatever is ticked below.
            if (time) pick(time.until, key !== 'reply' && keep)
          }}
        />
      )}
      <form
        className={styles.custom}
        onSubmit={(event) => {
          event.preventDefault()
          if (chosen !== null && chosen > now) pick(chosen, keep)
        }}
      >
        <TextInput
          className={styles.grow ?? ''}
          aria-label="When, in words"
          placeholder="next tuesday at 3pm"
          maxLength={100}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          onKeyDown={(event) => event.stopPropagation()}
        />
        <MomentPicker
          className={styles.grow ?? ''}
          aria-label="Another date and time"
          placeholder="or a date"
          min={now}
          defaultTimeValue="08:00"
          value={picked}
          onChange={(value) => {
            setPicked(value)
            setWords('')
          }}
          clearable
        />
        <Button type="submit" disabled={chosen === null || chosen <= now}>
          Snooze
        </Button>
      </form>
      <p className={styles.understood} role="status">
        {words.trim() !== '' && asked === words.trim() && !read.isPending
          ? understood === null
            ? 'Not understood. Try “friday 9am” or “in 2 weeks”.'
            : `Comes back ${when(understood)}.`
          : picked !== null && words.trim() === '' && picked <= now
            ? 'That moment is over. Pick a later one.'
            : ''}
      </p>
      <Checkbox
        label="Keep it snoozed even if they write"
        description="Without this, an answer of theirs brings it back at once."
        checked={keep}
        onChange={(event) => setKeep(event.currentTarget.checked)}
      />
    </Modal>
  )
}
