import { Button, Group, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { DayInput } from '../ui/date-pickers.tsx'
import { Picker } from '../ui/picker.tsx'
import { useZone } from '../ui/place.tsx'
import { dayOf, momentOf, nextDay } from '../ui/zoned-days.ts'
import { NoteField } from './outcome-won.tsx'

type Said = {
  readonly reason: string
  readonly note: string
  readonly competitor: string
  readonly revisitAt: number | null
}
type Props = {
  readonly reasons: readonly string[]
  /** Ask for the competitor and when to come back, too. */
  readonly more?: boolean
  /** What the button of the details says. */
  readonly done: string
  readonly onSave: (said: Said) => void
  readonly onCancel: () => void
}

/** A reason by its digit, then details that may stay empty: a digit and Enter are enough. */
export function OutcomeLost({ reasons, more = false, done, onSave, onCancel }: Props) {
  const [reason, setReason] = useState<string | null>(null)
  if (reason === null) {
    return <Picker label="Reason" items={reasons.map((it) => ({ key: it, label: it }))} onPick={setReason} />
  }
  return (
    <Details
      reason={reason}
      more={more}
      done={done}
      onSave={onSave}
      onCancel={onCancel}
      onBack={() => setReason(null)}
    />
  )
}

type DetailsProps = {
  readonly reason: string
  readonly more: boolean
  readonly done: string
  readonly onSave: (said: Said) => void
  readonly onCancel: () => void
  readonly onBack: () => void
}

function Details({ reason, more, done, onSave, onCancel, onBack }: DetailsProps) {
  const zone = useZone()
  const [note, setNote] = useState('')
  const [competitor, setCompetitor] = useState('')
  const [revisit, setRevisit] = useState<string | null>(null)
  const saveButton = useRef<HTMLButtonElement>(null)
  // Nothing else is needed: Enter saves.
  useEffect(() => saveButton.current?.focus(), [])
  const save = (event: FormEvent) => {
    event.preventDefault()
    // In the morning of that day.
    onSave({ reason, note, competitor, revisitAt: revisit === null ? null : momentOf(`${revisit} 09:00:00`, zone) })
  }
  return (
    <form onSubmit={save}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <b dir="auto">{reason}</b>
          <Button size="compact-sm" variant="subtle" onClick={onBack}>
            Another reason
          </Button>
        </Group>
        {more && (
          <Group grow>
            <TextInput
              label="Who got it instead"
              placeholder="If you know"
              maxLength={200}
              dir="auto"
              value={competitor}
              onChange={(event) => setCompetitor(event.currentTarget.value)}
            />
            <DayInput
              label="Ask them again on"
              placeholder="Not again"
              clearable
              minDate={nextDay(dayOf(Date.now(), zone))}
              value={revisit}
              onChange={setRevisit}
            />
          </Group>
        )}
        <NoteField value={note} onChange={setNote} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" ref={saveButton}>
            {done}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
